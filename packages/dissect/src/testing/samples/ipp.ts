import { be16, be32, bytesOf, type Part } from '../frames.ts'
import { httpMessage } from './http.ts'
import type { Sample } from './sample.ts'

/** One value of an attribute (RFC 8010 §3.1.4); without a name a further value, or a part of a collection. */
export const attribute = (tag: number, name: string, ...value: readonly Part[]): Uint8Array => {
  const bytes = bytesOf(...value)
  return bytesOf(tag, be16(name.length), name, be16(bytes.length), bytes)
}
const group = (tag: number, ...attributes: readonly Uint8Array[]) => bytesOf(tag, ...attributes)
const TEXT = 0x41
const NAME = 0x42

/** A message of version 2.0; `code` is an operation or a status. */
const ippBody = (code: number, ...groups: readonly Uint8Array[]) =>
  bytesOf(2, 0, be16(code), be32(7), ...groups, 3)

const posted = (path: string, body: Uint8Array, document = '') =>
  bytesOf(
    httpMessage(`POST ${path} HTTP/1.1`, [
      'Host: printer.example:631',
      'Content-Type: application/ipp',
      `Content-Length: ${body.length + document.length}`,
    ]),
    body,
    document,
  )
const answered = (body: Uint8Array) =>
  bytesOf(
    httpMessage('HTTP/1.1 200 OK', [
      'Content-Type: application/ipp',
      `Content-Length: ${body.length}`,
    ]),
    body,
  )

const OPERATION = group(
  1,
  attribute(0x47, 'attributes-charset', 'utf-8'),
  attribute(NAME, 'requesting-user-name', 'PLANTED JANE'),
  attribute(NAME, 'job-name', 'PLANTED chart'),
  attribute(NAME, 'document-name', 'PLANTED-JANE.pdf'),
)
const LANGUAGE = bytesOf(be16(2), 'en')

export const PRINTER = group(
  4,
  attribute(NAME, 'printer-name', 'PLANTED'),
  attribute(TEXT, 'printer-info', "PLANTED JANE's printer"),
  attribute(TEXT, 'printer-location', 'Room of PLANTED'),
  attribute(0x35, 'printer-make-and-model', LANGUAGE, be16(19), 'Examplemed Printo 7'),
  attribute(TEXT, 'printer-device-id', 'MFG:Examplemed;CMD:PDF;MDL:Printo 7;SN:SN77;DES:Printo;'),
  attribute(0x45, 'printer-uuid', 'urn:uuid:4509a320-00a0-008f-00b6-0123456789ab'),
  attribute(0x34, 'media-col-default'),
  attribute(0x4a, '', 'printer-uuid'),
  attribute(TEXT, '', 'of a collection'),
  attribute(0x37, ''),
  attribute(0x34, 'printer-firmware-name'),
  attribute(TEXT, '', 'of a collection'),
  attribute(0x37, ''),
  attribute(NAME, 'printer-firmware-name', 'Controller'),
  attribute(NAME, '', 'Engine'),
  attribute(TEXT, 'printer-firmware-string-version', '2.41'),
  attribute(0x23, 'printer-state', be32(3)),
)
const JOB = group(
  2,
  attribute(0x21, 'job-id', be32(12)),
  attribute(NAME, 'job-name', 'PLANTED chart'),
  attribute(NAME, 'job-originating-user-name', 'JANE'),
  // A printer that puts its own attributes into the wrong group tells nothing.
  attribute(TEXT, 'printer-make-and-model', 'PLANTED'),
)
const QUEUE = (model: string) =>
  group(
    4,
    attribute(0x45, 'device-uri', 'ipp://PLANTED.example/ipp/print'),
    attribute(NAME, 'printer-name', 'PLANTED'),
    attribute(TEXT, 'printer-make-and-model', model),
    attribute(0x45, 'printer-uuid', 'urn:uuid:of-a-queue'),
  )

export const ASK = posted('/ipp/print', ippBody(0x0b, OPERATION))
export const ASK_QUEUE = posted('/printers/planted', ippBody(0x0b, OPERATION))
export const PRINT = posted('/ipp/print', ippBody(0x02, OPERATION), 'PLANTED JANE, born 1960')
export const VENDOR = posted('/ipp/print', ippBody(0x4fff, OPERATION))
export const TELL = answered(ippBody(0, OPERATION, PRINTER))
export const JOBS = answered(ippBody(0, OPERATION, JOB))
export const QUEUES = answered(ippBody(0, OPERATION, QUEUE('Laser A'), QUEUE('Laser B')))
export const ONE_QUEUE = answered(ippBody(0, OPERATION, QUEUE('Laser A')))
/** The same answer in chunks. */
export const TELL_CHUNKED = (() => {
  const body = ippBody(0, OPERATION, PRINTER)
  const cut = body.length >> 1
  const chunk = (part: Uint8Array) => bytesOf(part.length.toString(16), '\r\n', part, '\r\n')
  return bytesOf(
    'HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nTransfer-Encoding: chunked\r\n\r\n',
    chunk(body.subarray(0, cut)),
    chunk(body.subarray(cut)),
    '0\r\n\r\n',
  )
})()

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'http',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', ASK),
  sample('server', TELL),
  sample('client', PRINT),
  sample('server', JOBS),
  sample('client', VENDOR),
  sample('server', TELL_CHUNKED),
  sample('client', ASK_QUEUE),
  sample('server', ONE_QUEUE),
  sample('server', QUEUES),
]
