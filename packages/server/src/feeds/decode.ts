import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { BadDocument } from '@wardkeeper/core'

const unzip = promisify(gunzip)

/** Text of a document. Bytes of another encoding are refused, never guessed: a wrong letter is a wrong name. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new BadDocument('The document is empty. Fetch it again.')
  const [first = 0, second = 0] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new BadDocument('The document is UTF-16. Save it as UTF-8.')
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BadDocument(`The document is not UTF-8 (line ${badLineOf(bytes)}). Save it as UTF-8.`)
  }
  if (/^\s*<(?:!doctype\s+html|html|head|body)/i.test(text.slice(0, 2000))) {
    throw new BadDocument(
      'This is a web page, not data: a proxy or a sign-in page may stand in the way. Open the address in a browser.',
    )
  }
  return text
}

/** Place of the line with the first byte that no UTF-8 text has. */
function badLineOf(bytes: Uint8Array): number {
  const lossy = new TextDecoder('utf-8').decode(bytes)
  return lossy.slice(0, lossy.indexOf('\uFFFD')).split('\n').length
}

export function decodeJson(bytes: Uint8Array): unknown {
  const text = decodeText(bytes)
  try {
    return JSON.parse(text)
  } catch (error) {
    const end = text.trimEnd().at(-1)
    const isCut = /^[[{]/.test(text.trimStart()) && end !== '}' && end !== ']'
    const why = error instanceof Error ? error.message.slice(0, 160) : ''
    throw new BadDocument(
      isCut
        ? 'The JSON is cut short: the transfer broke off. Fetch it again.'
        : `The document is not JSON: ${why}`,
    )
  }
}

/** Unpacks gzip up to a bound: what would unpack without end is refused at the bound. */
export async function unpack(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return await unzip(bytes, { maxOutputLength: maxBytes })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new BadDocument(
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `The document unpacks to more than ${maxBytes.toLocaleString('en')} bytes.`
        : 'The gzip file is cut short or damaged. Fetch it again.',
    )
  }
}
