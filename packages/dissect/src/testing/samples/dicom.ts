import { be16, be32, bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export const CT_STORAGE = '1.2.840.10008.5.1.4.1.1.2'
export const VERIFICATION = '1.2.840.10008.1.1'
export const STUDY_FIND = '1.2.840.10008.5.1.4.1.2.2.1'
export const WORKLIST = '1.2.840.10008.5.1.4.31'

/** A PDU of the upper layer (PS3.8 §9.3.1). */
export function pdu(type: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(type, 0, be32(body.length), body)
}

export function item(type: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(type, 0, be16(body.length), body)
}

const titles = (called: string, calling: string) =>
  bytesOf(be16(1), be16(0), called.padEnd(16), calling.padEnd(16), new Uint8Array(32))

const user = (version: string) =>
  item(0x50, item(0x51, be32(16_384)), item(0x52, '1.2.826.0.1.3680043.99.1'), item(0x55, version))

export function associateRequest(syntaxes: readonly string[], calling = 'CT01'): Uint8Array {
  const contexts = syntaxes.map((syntax, at) =>
    item(0x20, at * 2 + 1, [0, 0, 0], item(0x30, syntax), item(0x40, '1.2.840.10008.1.2')),
  )
  const context = item(0x10, '1.2.840.10008.3.1.1.1')
  return pdu(1, titles('ARCHIVE', calling), context, ...contexts, user('EXAMPLE_1'))
}

/** `results` by presentation context: zero is acceptance (PS3.8 §9.3.3.2). */
export function associateAccept(results: readonly number[]): Uint8Array {
  const contexts = results.map((result, at) =>
    item(0x21, at * 2 + 1, [0, result, 0], item(0x40, '1.2.840.10008.1.2')),
  )
  const context = item(0x10, '1.2.840.10008.3.1.1.1')
  return pdu(2, titles('ARCHIVE', 'CT01'), context, ...contexts, user('PACS_7'))
}

/** A presentation data value; control: 1 a command, 2 the last fragment (PS3.8 §E.2). */
export const pdv = (control: number, ...parts: readonly Part[]) => {
  const body = bytesOf(...parts)
  return bytesOf(be32(body.length + 2), 1, control, body)
}

const even = (text: string, pad: string) => (text.length % 2 === 0 ? text : text + pad)

/** An element in implicit VR little endian. */
export const implicit = (group: number, element: number, ...parts: readonly Part[]) => {
  const value = bytesOf(...parts)
  return bytesOf(le16(group), le16(element), le32(value.length), value)
}

/** An element in explicit VR little endian, with a short length. */
export const explicit = (group: number, element: number, vr: string, text: string) => {
  const value = even(text, ' ')
  return bytesOf(le16(group), le16(element), vr, le16(value.length), value)
}

/** A command set with its group length (PS3.7 §E.1). */
export function commandSet(field: number, ...more: readonly Uint8Array[]): Uint8Array {
  const elements = [implicit(0, 0x0100, le16(field)), ...more]
  const number = (element: Uint8Array) => element[2]! + element[3]! * 256
  const rest = bytesOf(...elements.toSorted((a, b) => number(a) - number(b)))
  return bytesOf(implicit(0, 0, le32(rest.length)), rest)
}

const sopClass = implicit(0, 0x0002, even(CT_STORAGE, '\0'))
export const STORE_COMMAND = commandSet(0x0001, sopClass, implicit(0, 0x0110, le16(1)))

const ITEM_START = bytesOf(le16(0xfffe), le16(0xe000), le32(0xffffffff))
const ITEM_END = bytesOf(le16(0xfffe), le16(0xe00d), le32(0))
const SEQUENCE_END = bytesOf(le16(0xfffe), le16(0xe0dd), le32(0))

/** A CT image's start, with a patient who must not be read, and a nested sequence of undefined length. */
export const EXPLICIT_OBJECT = bytesOf(
  explicit(0x0008, 0x0005, 'CS', 'ISO_IR 192'),
  explicit(0x0008, 0x0060, 'CS', 'CT'),
  explicit(0x0008, 0x0070, 'LO', 'Examplemed'),
  explicit(0x0008, 0x0080, 'LO', 'H\u00c3\u00b4pital'),
  explicit(0x0008, 0x0090, 'PN', 'PLANTED^REFERRER'),
  explicit(0x0008, 0x1010, 'SH', 'CTROOM1'),
  explicit(0x0008, 0x1030, 'LO', 'PLANTED study'),
  explicit(0x0008, 0x1040, 'LO', 'Radiology 2'),
  explicit(0x0008, 0x1050, 'PN', 'PLANTED^PERFORMER'),
  explicit(0x0008, 0x1090, 'LO', 'Scanner 9000'),
  [...le16(0x0008), ...le16(0x1140), ...bytesOf('SQ', 0, 0), ...le32(0xffffffff)],
  ITEM_START,
  explicit(0x0018, 0x1000, 'LO', 'PLANTED-inner'),
  [...le16(0x0008), ...le16(0x1199), ...bytesOf('SQ', 0, 0), ...le32(0xffffffff)],
  ITEM_START,
  explicit(0x0008, 0x0070, 'LO', 'PLANTED-deeper'),
  ITEM_END,
  SEQUENCE_END,
  ITEM_END,
  SEQUENCE_END,
  explicit(0x0010, 0x0010, 'PN', 'PLANTED^PATIENT'),
  explicit(0x0010, 0x0020, 'LO', 'PLANTED-ID'),
  explicit(0x0018, 0x1000, 'LO', 'SN-77'),
  explicit(0x0018, 0x1002, 'UI', '1.2.826.0.1.3680043.99.77'),
  explicit(0x0018, 0x1020, 'LO', 'VB20A\\VB20B'),
  explicit(0x0018, 0x1030, 'LO', 'PLANTED protocol'),
  explicit(0x0018, 0x1200, 'DA', '20250131\\20241224'),
  explicit(0x0040, 0x0006, 'PN', 'PLANTED-later'),
)

export const IMPLICIT_OBJECT = bytesOf(
  implicit(0x0008, 0x0060, 'MR'),
  implicit(0x0008, 0x0070, 'Examplemed'),
  implicit(0x0010, 0x0010, 'PLANTED^PATIENT'),
  implicit(0x0018, 0x1000, 'SN-0078'),
  implicit(0x0018, 0x1002, '1.2.826.0.1.3680043.99.78\0'),
  implicit(0x0018, 0x1200, '20250228'),
)

/** A query for the work of one station; what stands beside it may name a patient. */
export const WORKLIST_QUERY = bytesOf(
  implicit(0x0010, 0x0010, 'PLANTED^PATIENT*'),
  implicit(0x0010, 0x0020, 'PLANTED-ID'),
  [...le16(0x0040), ...le16(0x0100), ...le32(0xffffffff)],
  ITEM_START,
  implicit(0x0008, 0x0060, 'CT'),
  implicit(0x0040, 0x0001, 'CT01'),
  implicit(0x0040, 0x0002, '20260101'),
  implicit(0x0040, 0x0006, 'PLANTED^PERFORMER'),
  implicit(0x0040, 0x0010, 'CTROOM1 '),
  ITEM_END,
  SEQUENCE_END,
  implicit(0x0040, 0x1001, 'PLANTED'),
)
/** The same with lengths, explicit. */
const STEP = bytesOf(
  explicit(0x0008, 0x0060, 'CS', 'MR'),
  explicit(0x0040, 0x0001, 'AE', 'MR01'),
  explicit(0x0040, 0x0006, 'PN', 'PLANTED'),
)
export const EXPLICIT_QUERY = bytesOf(
  explicit(0x0010, 0x0010, 'PN', 'PLANTED*'),
  [...le16(0x0040), ...le16(0x0100), ...bytesOf('SQ', 0, 0), ...le32(STEP.length + 8)],
  [...le16(0xfffe), ...le16(0xe000), ...le32(STEP.length)],
  STEP,
)
export const PROCEDURE_STEP = bytesOf(
  explicit(0x0008, 0x0060, 'CS', 'CT'),
  explicit(0x0010, 0x0010, 'PN', 'PLANTED^PATIENT'),
  explicit(0x0010, 0x0020, 'LO', 'PLANTED-ID'),
  explicit(0x0040, 0x0241, 'AE', 'CT01'),
  explicit(0x0040, 0x0242, 'SH', 'CTROOM1'),
  explicit(0x0040, 0x0243, 'SH', 'Building 2'),
  explicit(0x0040, 0x0254, 'LO', 'PLANTED description'),
)

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'dicom',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', associateRequest([VERIFICATION, CT_STORAGE, STUDY_FIND, WORKLIST])),
  sample('server', associateAccept([0, 0, 3, 0])),
  sample('server', pdu(3, [0, 1, 1, 7])),
  sample('client', pdu(4, pdv(3, commandSet(0x0030)))),
  sample('client', pdu(4, pdv(3, STORE_COMMAND), pdv(2, EXPLICIT_OBJECT))),
  sample('client', pdu(4, pdv(3, STORE_COMMAND), pdv(2, IMPLICIT_OBJECT))),
  sample('client', pdu(4, pdv(3, commandSet(0x0020)), pdv(2, WORKLIST_QUERY))),
  sample('client', pdu(4, pdv(3, commandSet(0x0020)), pdv(2, EXPLICIT_QUERY))),
  sample('server', pdu(4, pdv(3, commandSet(0x8020)), pdv(2, WORKLIST_QUERY))),
  sample('client', pdu(4, pdv(3, commandSet(0x0140)), pdv(2, PROCEDURE_STEP))),
  sample('server', pdu(4, pdv(3, commandSet(0x8001, implicit(0, 0x0900, le16(0xa700)))))),
  sample('client', pdu(5, be32(0))),
  sample('server', pdu(7, [0, 0, 2, 6])),
]
