import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { be32, bytesOf, hex, le32 } from '../testing/frames.ts'
import {
  added,
  ANSWER,
  BODY,
  CALL_END,
  CALL_START,
  frame,
  GET,
  named,
  PREFACE,
  REQUEST,
  SETTINGS,
} from '../testing/samples/http2.ts'
import { http2 } from './http2.ts'

const REQUEST_LINES = [
  'server http2.authority pacs.ward.example',
  'client http2.contacts pacs.ward.example',
  'client http2.user-agent viewer/2',
  'client http2.request GET /patients/*',
  'client http2.auth bearer',
]

test('a request and its answer tell what those of HTTP/1 do', () => {
  const said = [
    ['client', bytesOf(PREFACE, SETTINGS, REQUEST, BODY)],
    ['server', bytesOf(SETTINGS, ANSWER, BODY)],
  ] as const
  for (const piece of [7, Infinity]) {
    const { lines, carried } = converse(http2, said, {}, piece)
    expect(lines).toEqual([
      ...REQUEST_LINES,
      'server http2.status 200',
      'server http2.server Kestrel',
      'server http2.powered-by Viewer',
      'server http2.auth-offered basic',
      'server http2.realm Ward',
    ])
    expect(carried).toEqual([])
  }
})

test('a header block goes on in further frames, and names what is called in it', () => {
  const { lines, carried } = converse(http2, [['client', bytesOf(CALL_START, CALL_END)]])
  expect(lines).toEqual([
    'server http2.authority www.example.com',
    'client http2.contacts www.example.com',
    'client http2.request POST /*',
  ])
  expect(carried).toEqual(['grpc'])
  expect(converse(http2, [['client', bytesOf(CALL_END)]]).lines).toEqual([])
})

test('each side has fields of its own to point back to, promises among them', () => {
  const promise = frame(5, 12, 1, 3, be32(2), GET, added(1, 'promised.example'), [255, 255, 255])
  const back = frame(1, 4, 3, 0x88, 0xbe)
  const from = (side: 'client' | 'server') =>
    converse(http2, [
      ['server', promise],
      [side, bytesOf(back, frame(1, 4, 5, GET, 0xbe))],
    ]).lines
  expect(from('server')).toEqual([
    'server http2.status 200',
    'client http2.authority promised.example',
    'server http2.contacts promised.example',
    'server http2.request GET *',
  ])
  expect(from('client')).toEqual(['client http2.status 200', 'client http2.request GET *'])
})

test('of a credential the scheme alone is kept, of a path the shape', () => {
  const context = testContext()
  readMessage(http2, REQUEST, context)
  // All entries of the table, pointed to in turn.
  const again = frame(1, 4, 3, 0x82, 0xc1, 0xc0, 0xbf, 0xbe)
  const { facts } = readMessage(http2, again, context)
  expect(facts.map(({ field, value }) => `${field} ${value}`)).toEqual([
    'http2.authority pacs.ward.example',
    'http2.contacts pacs.ward.example',
    'http2.request GET /patients/*',
    'http2.auth bearer',
  ])
  // A token of NTLM that tells a version where it is read.
  const ntlm = bytesOf(
    'NTLMSSP\0',
    le32(1),
    le32(0x02000000),
    new Uint8Array(16),
    hex('0a00614a0000000f'),
  )
  const token = btoa(String.fromCharCode(...ntlm))
  const offer = frame(1, 4, 1, 0x88, named('www-authenticate', `Negotiate ${token}`))
  const answer = readMessage(http2, offer, testContext({ from: 'server' }))
  expect(answer.facts.map(({ value }) => value)).toEqual(['200', 'negotiate'])
  expect(readMessage(http2, frame(1, 4, 1, named(':method', 'A'.repeat(21)))).facts).toEqual([])
})

test('clinical data over HTTP/2 are named as over HTTP/1', () => {
  const call = (type: string) =>
    converse(http2, [['client', frame(1, 4, 1, GET, named('accept', type))]])
  expect(call('application/fhir+json').named).toEqual(['fhir'])
  expect(call('application/dicom+json').carried).toEqual(['dicomweb'])
})

test('of a block that is too long the beginning is read, however many frames it comes in', () => {
  const filling = frame(9, 0, 1, new Uint8Array(5000).fill(0xbe))
  const start = frame(1, 0, 1, GET, added(1, 'pacs.ward.example'))
  const end = frame(9, 4, 1)
  const { lines } = converse(http2, [
    ['client', bytesOf(start, filling, filling, filling, end, frame(1, 4, 3, GET, 0xbe))],
  ])
  expect(lines).toEqual([
    'server http2.authority pacs.ward.example',
    'client http2.contacts pacs.ward.example',
    'client http2.request GET *',
    // What was added then is not known any more.
    'client http2.request GET *',
  ])
})

test('a damaged block and a frame of no known type are broken', () => {
  expect(readMessage(http2, frame(1, 4, 1, 0x41, 0x81, 0x18)).isConsumed).toBe(false)
  expect(readMessage(http2, frame(1, 12, 1, 9, 0x82)).isConsumed).toBe(true)
  expect(readMessage(http2, frame(10, 0, 1)).isConsumed).toBe(false)
})

test('a body is passed over', () => {
  const context = testContext()
  expect(readMessage(http2, BODY, context).length).toBe(9)
  expect(context.passed).toBe(7)
})

test.each([
  ['a preface', PREFACE, 'client', 'strong'],
  ['its start', PREFACE.subarray(0, 9), 'client', 'incomplete'],
  ['settings of a server', SETTINGS, 'server', 'weak'],
  ['settings of a client alone', SETTINGS, 'client', 'no'],
  ['settings of no number', frame(4, 0, 0, [1, 2, 3, 4]), 'server', 'no'],
] as const)('%s', (_case, bytes, from, likeness) => {
  expect(readMessage(http2, bytes, testContext({ from })).likeness).toBe(likeness)
})
