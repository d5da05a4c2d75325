import type { Gs1Reader } from '@wardkeeper/core'
import library from 'gs1-barcode-parser-mod'

/** Reads GS1 element strings with a library; undefined when it refuses the text. */
export const readGs1: Gs1Reader = (text) => {
  try {
    return library.parseBarcode(text).parsedCodeItems
  } catch {
    // It throws texts, one for each way in which a code can be wrong.
    return undefined
  }
}
