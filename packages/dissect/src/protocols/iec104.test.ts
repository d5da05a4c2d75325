import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  ACKNOWLEDGE,
  COMMAND,
  COMMAND_DONE,
  INTERROGATION,
  POINT,
  START,
  unit,
} from '../testing/samples/iec104.ts'
import { iec104 } from './iec104.ts'

test.each([Infinity, 5])(
  'tells the station, what it sends and is told, in pieces of %d',
  (piece) => {
    const { lines } = converse(
      iec104,
      [
        ['client', START],
        ['client', INTERROGATION],
        ['server', bytesOf(POINT, POINT)],
        ['client', COMMAND],
        ['server', COMMAND_DONE],
        ['client', ACKNOWLEDGE],
      ],
      {},
      piece,
    )
    expect(lines).toEqual([
      'client iec104.control start-data-transfer',
      'client iec104.command interrogation',
      'server iec104.common-address 17',
      'server iec104.sends single-point',
      'server iec104.sends single-point',
      'client iec104.command single-command',
    ])
  },
)

test.each([
  ['the start of data transfer', START, 'strong'],
  ['an acknowledgement', ACKNOWLEDGE, 'weak'],
  ['a data unit', POINT, 'strong'],
  ['two of them', bytesOf(POINT, START), 'strong'],
  ['one and something else', bytesOf(POINT, 0x11), 'no'],
  ['a data unit of unknown type', unit(99, 3, 17), 'no'],
  ['a data unit without cause', unit(30, 0, 17, new Uint8Array(8)), 'no'],
  ['cut', START.slice(0, 4), 'incomplete'],
  ['text', bytesOf('hello, world'), 'no'],
] as const)('%s', (_case, message, likeness) => {
  expect(readMessage(iec104, message).likeness).toBe(likeness)
})
