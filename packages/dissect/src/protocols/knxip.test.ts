import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  DESCRIPTION_RESPONSE,
  EXTENDED_RESPONSE,
  FEATURE,
  GROUP_WRITE,
  knxMessage,
  RESTART,
  SEARCH,
  SEARCH_RESPONSE,
} from '../testing/samples/knxip.ts'
import { knxip, knxipTcp } from './knxip.ts'

const DEVICE_LINES = [
  'server knxip.friendly-name KNX IP BAOS 777',
  'server knxip.individual-address 1.1.10',
  'server knxip.mac 02:00:00:00:c5:01',
  'server knxip.medium twisted pair',
  'server knxip.serial 00c501020304',
  'server knxip.manufacturer-id 00c5',
  'server knxip.programming-mode yes',
]

test('tells what a KNX interface says it is', () => {
  const { lines } = converse(knxip, [
    ['client', SEARCH],
    ['server', SEARCH_RESPONSE],
  ])
  expect(lines).toEqual([
    'client knxip.service search',
    'server knxip.service search-response',
    ...DEVICE_LINES,
    'server knxip.services core 1, device management 1, tunnelling 1, security 1',
  ])
})

test('the extended answer adds address and device descriptor', () => {
  const { lines } = converse(knxip, [['server', EXTENDED_RESPONSE]])
  expect(lines.slice(1)).toEqual([
    ...DEVICE_LINES,
    'server knxip.address 10.0.0.7',
    'server knxip.device-descriptor 091a',
  ])
})

test('tells who commands the bus', () => {
  const { lines } = converse(knxip, [
    ['client', GROUP_WRITE],
    ['client', RESTART],
  ])
  expect(lines).toEqual([
    'client knxip.service routing',
    'client knxip.telegram group-write',
    'client knxip.telegram-source 1.1.5',
    'client knxip.service tunnelling',
    'client knxip.telegram restart',
    'client knxip.telegram-source 1.1.5',
  ])
})

test('reads a stream in segments of any size', () => {
  const said = [['server', bytesOf(DESCRIPTION_RESPONSE, FEATURE)]] as const
  const { lines } = converse(knxipTcp, said, {}, 5)
  expect(lines).toEqual([
    'server knxip.service description-response',
    ...DEVICE_LINES,
    'server knxip.service tunnelling-feature-response',
  ])
})

test.each([
  ['a search', SEARCH, 'strong', 'strong'],
  ['with something behind it', bytesOf(SEARCH, SEARCH), 'no', 'strong'],
  ['cut', SEARCH.slice(0, 4), 'no', 'incomplete'],
  ['an unknown service', knxMessage(0x7777, 1, 2), 'no', 'no'],
  ['text', bytesOf('\x06 and more text'), 'no', 'no'],
] as const)('%s', (_case, message, overUdp, overTcp) => {
  expect(readMessage(knxip, message).likeness).toBe(overUdp)
  expect(readMessage(knxipTcp, message).likeness).toBe(overTcp)
})
