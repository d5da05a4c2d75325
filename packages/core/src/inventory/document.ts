import { readImage } from './image.ts'

/** What may be kept as a document of a device. */
export type DocumentType =
  | 'application/pdf'
  | 'application/zip'
  | 'image/png'
  | 'image/jpeg'
  | 'text/plain'

/** The type of a document by its bytes; undefined: not one that is kept (a program, a page with scripts ...). */
export function readDocumentType(bytes: Uint8Array): DocumentType | undefined {
  const image = readImage(bytes)
  if (image !== undefined) return image.mediaType
  const head = String.fromCharCode(...bytes.subarray(0, 1024))
  if (head.startsWith('%PDF-')) return 'application/pdf'
  // Office files are such archives.
  if (head.startsWith('PK\u0003\u0004')) return 'application/zip'
  return isText(bytes) && !/<(html|script|svg|!doctype)/i.test(head) ? 'text/plain' : undefined
}

/** Control characters other than tab and line ends belong to no text. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every(
    (byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 12 || byte === 13,
  )
}
