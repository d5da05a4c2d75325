import { decodeText } from './decode-text.ts'
import { readCsv } from './read-csv.ts'
import { readFhir } from './read-fhir.ts'
import { readXlsx } from './read-xlsx.ts'
import { UnusableTable, type TableFile } from './table-file.ts'

/** Reads a table whatever its form; told by its bytes, not by its name. */
export async function readBytes(bytes: Uint8Array): Promise<TableFile> {
  if (bytes.length === 0) throw new UnusableTable('The file is empty.')
  if (startsWith(bytes, [0x50, 0x4b, 3, 4])) return await readXlsx(bytes)
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0]))
    throw new UnusableTable(
      'This is an old or a protected Excel file: save it as .xlsx without a password, or as CSV.',
    )
  if (startsWith(bytes, [0x25, 0x50, 0x44, 0x46]))
    throw new UnusableTable('This is a PDF: export the table as CSV or XLSX.')
  if (startsWith(bytes, [0x1f, 0x8b]))
    throw new UnusableTable('This file is packed with gzip: unpack it first.')
  const { text } = decodeText(bytes.subarray(0, 4096))
  if (/^\ufeff?\s*<(?:!doctype|html|\?xml|table)/i.test(text))
    throw new UnusableTable(
      'This is HTML or XML, perhaps a page that asks to sign in: export the table as CSV or XLSX.',
    )
  if (/^\ufeff?\s*[[{]/.test(text)) return readFhir(decodeText(bytes).text.replace(/^\ufeff/, ''))
  return readCsv(bytes)
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte)
}
