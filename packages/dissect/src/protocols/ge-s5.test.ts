import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  DESCRIPTION,
  NAME_AS_LONG,
  NETWORK,
  PHYSIOLOGICAL,
  s5Frame,
  TIME_MESSAGE,
} from '../testing/samples/ge-s5.ts'
import { carescape } from './carescape.ts'
import { geS5 } from './ge-s5.ts'

test.each([Infinity, 9])('a monitor is known by its records, in pieces of %d', (piece) => {
  const { lines } = converse(geS5, [['server', bytesOf(PHYSIOLOGICAL, NETWORK)]], {}, piece)
  expect([...new Set(lines)]).toEqual([
    'client ge-s5.transport cleartext',
    'server ge-s5.transport cleartext',
    'server ge-s5.level 8 (2003)',
    'server ge-s5.plug-id 32274',
    'server ge-s5.record physiological',
    'server ge-s5.record network',
  ])
})

test('a monitor that signs in to the network gives MAC and family; a name as long gives nothing', () => {
  const familyOf = (frame: Uint8Array) =>
    readMessage(geS5, frame).facts.filter(({ field }) => field === 'ge-s5.device-family')
  expect(familyOf(DESCRIPTION)).toEqual([
    {
      subject: { mac: '00:80:19:0a:0b:0c' },
      field: 'ge-s5.device-family',
      value: 'critical care monitor',
    },
  ])
  expect(familyOf(NAME_AS_LONG)).toEqual([])
})

test.each([
  ['a whole frame', PHYSIOLOGICAL, 'strong'],
  ['the start of one', PHYSIOLOGICAL.subarray(0, 30), 'incomplete'],
  ['a wrong sum', NETWORK.with(60, 1), 'no'],
  ['a level that is none', s5Frame(40, 0, 'x'), 'no'],
  ['PPP', bytesOf([0x7e, 0xff, 0x03, 0xc0, 0x21, 1, 1, 0, 20, 2, 6]), 'no'],
] as const)('the likeness of %s', (_case, message, likeness) => {
  expect(readMessage(geS5, message).likeness).toBe(likeness)
})

test('a time message names address, unit and bed', () => {
  const { likeness, facts } = readMessage(carescape, TIME_MESSAGE)
  expect(likeness).toBe('strong')
  expect(facts).toEqual([
    { subject: { ip: '10.1.2.3' }, field: 'carescape.address', value: '10.1.2.3' },
    { subject: 'client', field: 'carescape.location', value: 'ICU|BED3' },
  ])
})

test.each([
  ['on another port', TIME_MESSAGE, 4000],
  ['without a place', TIME_MESSAGE.with(27, 0x20), 2000],
  ['with a time before the interface', TIME_MESSAGE.with(60, 0), 2000],
  ['of another length', TIME_MESSAGE.subarray(1), 2000],
] as const)('a message %s is none', (_case, message, serverPort) => {
  expect(readMessage(carescape, message, testContext({ serverPort })).likeness).toBe('no')
})
