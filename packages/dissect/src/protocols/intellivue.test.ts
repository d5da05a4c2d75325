import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import {
  ABORT,
  ACCEPT,
  ASSOCIATE,
  CONNECT_INDICATION,
  MDS_CREATE,
  POLL_RESULT,
  RELEASE,
  RELEASE_REQUEST,
} from '../testing/samples/intellivue.ts'
import { intellivue } from './intellivue.ts'

const linesOf = (message: Uint8Array, from: 'client' | 'server' = 'client') =>
  readMessage(intellivue, message, testContext({ from })).facts.map(
    ({ subject, field, value }) =>
      `${typeof subject === 'string' ? subject : `${subject.mac} ${subject.ip}`} ${field} ${value}`,
  )

test('a monitor that calls out says what it is, where, and on which port it gives its data', () => {
  expect(linesOf(CONNECT_INDICATION)).toEqual([
    'client intellivue.message connect-indication',
    '00:09:fb:09:77:bd 10.13.37.2 intellivue.address 10.13.37.2',
    'client intellivue.label ICU MON 15',
    'client intellivue.data-port 24105',
    'client intellivue.serial DE2271',
    'client intellivue.hardware B.00.05',
    'client intellivue.software G.01.78',
    'client intellivue.manufacturer Examplemed',
    'client intellivue.model Vitalis 7',
  ])
})

test('an association is seen, and the description that follows it is read', () => {
  expect(linesOf(ASSOCIATE)[0]).toBe('client intellivue.message association-request')
  expect(linesOf(ACCEPT, 'server')[0]).toBe('server intellivue.message accept')
  expect(linesOf(MDS_CREATE, 'server')).toEqual([
    'server intellivue.message mds-create',
    'server intellivue.manufacturer Examplemed',
    'server intellivue.model Vitalis 7',
    'server intellivue.serial DE2271',
    'server intellivue.hardware B.00.05',
    'server intellivue.software G.01.78',
    'server intellivue.mode monitoring',
    'server intellivue.label Bed 3',
  ])
  expect(linesOf(POLL_RESULT, 'server')).toEqual([])
})

test('the end of an association is seen, by agreement or not', () => {
  expect(linesOf(RELEASE_REQUEST)).toEqual([
    'client intellivue.message release-request',
    'client intellivue.transport cleartext',
    'server intellivue.transport cleartext',
  ])
  expect(linesOf(RELEASE, 'server')[0]).toBe('server intellivue.message release')
  expect(linesOf(ABORT, 'server')[0]).toBe('server intellivue.message abort')
})

test.each([
  ['a connect indication', CONNECT_INDICATION, 'strong'],
  ['an association request', ASSOCIATE, 'strong'],
  ['an acceptance', ACCEPT, 'strong'],
  ['data', MDS_CREATE, 'strong'],
  ['a request to release', RELEASE_REQUEST, 'strong'],
  ['a release', RELEASE, 'strong'],
  ['an abort', ABORT, 'strong'],
  ['a release of another kind', RELEASE_REQUEST.with(0, 0x0a), 'no'],
  ['the start of a release', RELEASE_REQUEST.subarray(0, 9), 'no'],
  ['another end', ABORT.with(4, 4), 'no'],
  ['five bytes that begin like an abort', ABORT.subarray(0, 5), 'no'],
  ['another event', CONNECT_INDICATION.with(25, 0), 'no'],
  ['a length that does not fit', MDS_CREATE.subarray(0, 60), 'no'],
  ['zeros', new Uint8Array(64), 'no'],
] as const)('the likeness of %s', (_case, message, likeness) => {
  expect(readMessage(intellivue, message).likeness).toBe(likeness)
})
