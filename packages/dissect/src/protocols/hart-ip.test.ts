import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  ASK,
  hartMessage,
  IDENTITY,
  LONG_TAG,
  SESSION,
  TAG,
  WRITE,
} from '../testing/samples/hart-ip.ts'
import { hartIp, hartIpTcp } from './hart-ip.ts'

test.each([
  [hartIp, Infinity],
  [hartIpTcp, Infinity],
  [hartIpTcp, 7],
])('tells devices, tags and commands (%#)', (dissector, piece) => {
  const { lines } = converse(
    dissector,
    [
      ['client', SESSION],
      ['client', ASK],
      ['server', IDENTITY],
      ['server', LONG_TAG],
      ['server', TAG],
      ['client', WRITE],
    ],
    {},
    piece,
  )
  expect(lines).toEqual([
    'client hart-ip.command read-identity',
    'server hart-ip.device type 264e id 0000d2 HART 7 device 4 software 1 hardware 1',
    'server hart-ip.manufacturer-id 0026',
    'server hart-ip.long-tag BOILER-FEED-PT-12',
    'server hart-ip.tag PT-12',
    'client hart-ip.command write-long-tag',
  ])
})

test.each([
  ['a session', SESSION, 'strong', 'strong'],
  ['a command', ASK, 'weak', 'weak'],
  ['with something behind it', bytesOf(SESSION, 1), 'no', 'strong'],
  ['an unknown kind', hartMessage(0, 99, 1, 2, 3), 'no', 'no'],
  ['cut', SESSION.slice(0, 5), 'no', 'incomplete'],
] as const)('%s', (_case, message, overUdp, overTcp) => {
  expect(readMessage(hartIp, message).likeness).toBe(overUdp)
  expect(readMessage(hartIpTcp, message).likeness).toBe(overTcp)
})
