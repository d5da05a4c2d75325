import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { be32, bytesOf, le16 } from '../testing/frames.ts'
import {
  associateAccept,
  associateRequest,
  commandSet,
  CT_STORAGE,
  EXPLICIT_OBJECT,
  EXPLICIT_QUERY,
  implicit,
  IMPLICIT_OBJECT,
  item,
  pdu,
  pdv,
  PROCEDURE_STEP,
  SAMPLES,
  STORE_COMMAND,
  STUDY_FIND,
  VERIFICATION,
  WORKLIST,
  WORKLIST_QUERY,
} from '../testing/samples/dicom.ts'
import { dicom } from './dicom.ts'

type Said = readonly ['client' | 'server', Uint8Array]

/** One flow through the dissector, as lines of its facts. */
function flow(...said: readonly Said[]): string[] {
  const shared = testContext({ serverPort: 104 })
  return said.flatMap(([from, message]) =>
    readMessage(dicom, message, Object.assign(shared, { from })).facts.map(
      ({ subject, field, value }) => `${String(subject)} ${field} ${value}`,
    ),
  )
}

const store = (...parts: readonly Uint8Array[]): Said => [
  'client',
  pdu(4, pdv(3, STORE_COMMAND), ...parts),
]

test('every sample is known by its content and read to its end', () => {
  for (const { bytes, from } of SAMPLES) {
    const read = readMessage(dicom, bytes, testContext({ from }))
    expect(read.length).toBe(bytes.length)
    expect(['strong', 'weak']).toContain(read.likeness)
    expect(read.isConsumed).toBe(true)
  }
})

test('a request names both ends, their toolkit and what the caller is for', () => {
  expect(
    flow(['client', associateRequest([VERIFICATION, CT_STORAGE, STUDY_FIND, WORKLIST])]),
  ).toEqual([
    'client dicom.transport cleartext',
    'server dicom.transport cleartext',
    'client dicom.ae-title CT01',
    'server dicom.called-ae-title ARCHIVE',
    'client dicom.max-pdu 16384',
    'client dicom.implementation-class-uid 1.2.826.0.1.3680043.99.1',
    'client dicom.implementation-version EXAMPLE_1',
    'client dicom.role verification SCU',
    'client dicom.role storage SCU',
    'client dicom.role query SCU',
    'client dicom.role worklist SCU',
    'client dicom.storage-class CT Image',
  ])
})

test('a modality that asks for its work names itself, a worklist that answers tells nothing', () => {
  const query = (field: number, object: Uint8Array) =>
    flow(['client', pdu(4, pdv(3, commandSet(field)), pdv(2, object))])
  expect(query(0x0020, WORKLIST_QUERY)).toEqual([
    'client dicom.command C-FIND',
    'client dicom.modality CT',
    'client dicom.worklist-ae-title CT01',
    'client dicom.station-name CTROOM1',
  ])
  expect(query(0x0020, EXPLICIT_QUERY)).toEqual([
    'client dicom.command C-FIND',
    'client dicom.modality MR',
    'client dicom.worklist-ae-title MR01',
  ])
  expect(query(0x8020, WORKLIST_QUERY)).toEqual([])
  const wild = WORKLIST_QUERY.slice()
  const title = wild.findIndex((byte, at) => byte === 0x43 && wild[at + 3] === 0x31)
  wild.set([0x2a, 0x20, 0x20, 0x20], title)
  expect(query(0x0020, wild).join()).not.toContain('worklist-ae-title')
})

test('a procedure step says at which station it is performed', () => {
  const message = pdu(4, pdv(3, commandSet(0x0140)), pdv(2, PROCEDURE_STEP))
  expect(flow(['client', message])).toEqual([
    'client dicom.command N-CREATE',
    'client dicom.modality CT',
    'client dicom.performed-ae-title CT01',
    'client dicom.station-name CTROOM1',
    'client dicom.station-location Building 2',
  ])
})

test('an element of undefined length lends no value, not even of the equipment', () => {
  const open = bytesOf(
    le16(0x0008),
    le16(0x0070),
    'UN',
    [0, 0],
    [0xff, 0xff, 0xff, 0xff],
    'PLANTED',
  )
  expect(flow(store(pdv(2, open))).join()).not.toContain('PLANTED')
})

test('who offers to store what it fetches has that role too', () => {
  const selection = item(0x54, [0, CT_STORAGE.length], CT_STORAGE, [0, 1])
  const request = associateRequest(['1.2.840.10008.5.1.4.1.2.2.3', CT_STORAGE])
  const longer = bytesOf(request, selection)
  // Both lengths, of the PDU and of the user information at its end, grow by the item.
  const grow = (at: number) => {
    const whole = longer[at]! * 256 + longer[at + 1]! + selection.length
    longer.set([whole >> 8, whole & 0xff], at)
  }
  grow(4)
  grow(longer.length - selection.length - userLength(request) - 2)
  expect(flow(['client', longer])).toContain('client dicom.role storage SCP')
  expect(flow(['client', request])).not.toContain('client dicom.role storage SCP')
})

/** Length of the user information, the last item of a request. */
function userLength(request: Uint8Array): number {
  for (let at = request.length - 4; at > 74; at--) {
    const length = request[at + 2]! * 256 + request[at + 3]!
    if (request[at] === 0x50 && at + 4 + length === request.length) return length
  }
  return 0
}

test('an acceptance confirms the title and gives the server the roles it accepted, no others', () => {
  const facts = flow(
    ['client', associateRequest([VERIFICATION, CT_STORAGE, STUDY_FIND])],
    ['server', associateAccept([0, 3, 0])],
  ).filter((fact) => fact.startsWith('server'))
  expect(facts).toContain('server dicom.ae-title ARCHIVE')
  expect(facts).toContain('server dicom.implementation-version PACS_7')
  expect(facts.filter((fact) => fact.includes('role'))).toEqual([
    'server dicom.role verification SCP',
    'server dicom.role query SCP',
  ])
})

test('a refusal and an abort say why', () => {
  expect(flow(['server', pdu(3, [0, 1, 1, 7])])).toEqual([
    'server dicom.rejects called AE title not recognized',
  ])
  expect(flow(['client', pdu(7, [0, 0, 2, 6])])).toEqual(['client dicom.aborts 2/6'])
})

test('how a user signs in is a fact, who it is not', () => {
  const identity = item(0x58, [2, 0], [0, 7], 'PLANTED', [0, 6], 'SECRET')
  const request = pdu(
    1,
    [0, 1, 0, 0],
    'ARCHIVE'.padEnd(16),
    'WS3'.padEnd(16),
    new Uint8Array(32),
    item(0x10, '1.2.840.10008.3.1.1.1'),
    item(0x50, identity),
  )
  const facts = flow(['client', request])
  expect(facts).toContain('client dicom.user-identity user name and passcode')
  expect(facts.join()).not.toMatch(/PLANTED|SECRET/)
})

test('of a stored object the equipment is read, with and without value representations', () => {
  expect(flow(store(pdv(2, EXPLICIT_OBJECT)))).toEqual([
    'client dicom.command C-STORE',
    'client dicom.stores CT Image',
    'client dicom.modality CT',
    'client dicom.manufacturer Examplemed',
    'client dicom.institution Hôpital',
    'client dicom.station-name CTROOM1',
    'client dicom.department Radiology 2',
    'client dicom.model Scanner 9000',
    'client dicom.device-serial SN-77',
    'client dicom.device-uid 1.2.826.0.1.3680043.99.77',
    'client dicom.software-versions VB20A, VB20B',
    'client dicom.last-calibration 2025-01-31',
  ])
  expect(flow(store(pdv(2, IMPLICIT_OBJECT))).slice(2)).toEqual([
    'client dicom.modality MR',
    'client dicom.manufacturer Examplemed',
    'client dicom.device-serial SN-0078',
    'client dicom.device-uid 1.2.826.0.1.3680043.99.78',
    'client dicom.last-calibration 2025-02-28',
  ])
})

test.each([
  [0x1002, 'PLANTED^JANE'],
  [0x1002, '1.2.3 PLANTED'],
  [0x1200, 'PLANTED'],
  [0x1200, '20250131\\PLANTED'],
  [0x1200, '20251301'],
  [0x1200, ''],
])('what has not the form of its element %i is not told: %s', (element, text) => {
  const object = bytesOf(implicit(0x0018, 0x1000, 'SN-1'), implicit(0x0018, element, text))
  expect(flow(store(pdv(2, object))).slice(2)).toEqual(['client dicom.device-serial SN-1'])
})

test('the patient is never read, whole or cut anywhere', () => {
  for (const object of [EXPLICIT_OBJECT, IMPLICIT_OBJECT]) {
    for (let cut = 0; cut <= object.length; cut++) {
      const facts = flow(store(pdv(0, object.subarray(0, cut))), [
        'client',
        pdu(4, pdv(2, object.subarray(cut))),
      ])
      expect(facts.join()).not.toContain('PLANTED')
    }
  }
})

test('data sets of queries, worklists and answers are not read at all', () => {
  for (const field of [0x0020, 0x8020, 0x0140, 0x8001]) {
    const message = pdu(4, pdv(3, commandSet(field)), pdv(2, EXPLICIT_OBJECT))
    const facts = flow(['client', message])
    expect(facts.join()).not.toMatch(/PLANTED|Examplemed/)
  }
})

test('later fragments are not taken for the start of an object', () => {
  const facts = flow(store(pdv(0, new Uint8Array(8))), ['client', pdu(4, pdv(2, IMPLICIT_OBJECT))])
  expect(facts.join()).not.toContain('Examplemed')
})

test('of a long data PDU only a head is taken, and what follows is passed over in its place', () => {
  const context = testContext()
  const pixels = new Uint8Array(100_000).fill(0x50)
  const whole = pdu(4, pdv(3, STORE_COMMAND), pdv(2, IMPLICIT_OBJECT, pixels))
  const head = readMessage(dicom, whole, context)
  expect(head.length).toBe(16_384)
  const other = testContext()
  const facts = readMessage(dicom, whole.subarray(0, 16_384), other).facts
  expect(facts.map(({ field }) => field)).toContain('dicom.device-serial')
  for (let at = 16_384; at < whole.length; at += 1460) {
    const rest = readMessage(dicom, whole.subarray(at, at + 1460), other)
    expect(rest).toMatchObject({ length: Math.min(1460, whole.length - at), facts: [] })
  }
  const next = pdu(4, pdv(3, commandSet(0x0030)))
  expect(readMessage(dicom, next, other).facts).toHaveLength(1)
})

test('a new PDU in the place of a lost rest is read', () => {
  const context = testContext()
  const whole = pdu(4, pdv(3, STORE_COMMAND), pdv(2, IMPLICIT_OBJECT, new Uint8Array(100_000)))
  readMessage(dicom, whole.subarray(0, 16_384), context)
  const next = pdu(4, pdv(3, commandSet(0x0030)))
  const read = readMessage(dicom, next, context)
  expect(read).toMatchObject({ length: next.length, facts: [{ value: 'C-ECHO' }] })
})

test.each([
  ['success', 0x0000, []],
  ['a pending answer', 0xff00, []],
  ['a warning', 0xb000, []],
  ['out of resources', 0xa700, ['server dicom.failure C-STORE a700']],
])('an answer of %s', (_case, status, expected) => {
  const answer = commandSet(0x8001, implicit(0, 0x0900, le16(status)))
  expect(flow(['server', pdu(4, pdv(3, answer))])).toEqual(expected)
})

test('a move names its destination', () => {
  const command = commandSet(
    0x0021,
    implicit(0, 0x0002, `${STUDY_FIND}\0`),
    implicit(0, 0x0600, 'WS3 '),
  )
  expect(flow(['client', pdu(4, pdv(3, command))])).toEqual([
    'client dicom.command C-MOVE',
    'client dicom.move-destination WS3',
  ])
})

test.each([
  ['text', bytesOf('GET / HTTP/1.1\r\n\r\n'), 'no', -1],
  ['nothing but zeros', new Uint8Array(80), 'no', -1],
  [
    'the first bytes of a request',
    associateRequest([VERIFICATION]).subarray(0, 40),
    'incomplete',
    202,
  ],
  ['an association of an impossible length', bytesOf(1, 0, be32(5), 1, 2, 3, 4, 5), 'no', -1],
  [
    'a title that is no text',
    pdu(1, [0, 1, 0, 0], new Uint8Array(32).fill(200), new Uint8Array(60)),
    'no',
    102,
  ],
  ['data without a command', pdu(4, pdv(0, new Uint8Array(40))), 'weak', 52],
  ['data with an even context', pdu(4, be32(30), [2, 0], new Uint8Array(28)), 'no', 40],
] as const)('%s', (_case, message, likeness, length) => {
  expect(readMessage(dicom, message)).toMatchObject({ likeness, length })
})
