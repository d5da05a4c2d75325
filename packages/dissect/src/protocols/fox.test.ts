import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { LOGIN, STATION, WORKBENCH } from '../testing/samples/fox.ts'
import { fox } from './fox.ts'

const LINES = [
  'client fox.transport cleartext',
  'client fox.version 1.0.1',
  'client fox.app-name Workbench',
  'client fox.app-version 4.10.0.154',
  'client fox.host-name ENG-07',
  'server fox.transport cleartext',
  'server fox.version 1.0',
  'server fox.host-name 10.20.0.5',
  'server fox.host-address 10.20.0.5',
  'server fox.app-name Station',
  'server fox.app-version 3.8.38.1',
  'server fox.vm-name Java HotSpot(TM) Embedded Client VM',
  'server fox.vm-version 25.141-b03',
  'server fox.os-name QNX',
  'server fox.os-version 6.5.0',
  'server fox.station-name HospitalAHU',
  'server fox.language en',
  'server fox.host-id Qnx-TITAN-1A2B-3C4D-5E6F-7A8B',
  'server fox.vm-uuid 11e98b97-b656-1c50-0000-00000000bafd',
  'server fox.brand-id vykon',
]

test.each([Infinity, 7])('tells what both ends say they are, in pieces of %d', (piece) => {
  const said = [
    ['client', WORKBENCH],
    ['server', STATION],
  ] as const
  expect(converse(fox, said, {}, piece).lines).toEqual(LINES)
})

test('a login, with its user, is not read', () => {
  expect(converse(fox, [['client', LOGIN]]).lines).toEqual([])
})

test.each([
  ['a hello', WORKBENCH, 'strong'],
  ['its first bytes', WORKBENCH.slice(0, 2), 'incomplete'],
  ['another text', bytesOf('fox jumps over the lazy dog'), 'no'],
] as const)('%s', (_case, message, likeness) => {
  expect(readMessage(fox, message).likeness).toBe(likeness)
})

test('is framed by its end mark', () => {
  expect(readMessage(fox, WORKBENCH).length).toBe(WORKBENCH.length)
  expect(readMessage(fox, WORKBENCH.slice(0, -1)).length).toBe(0)
  expect(readMessage(fox, bytesOf('GET / HTTP')).length).toBe(-1)
})
