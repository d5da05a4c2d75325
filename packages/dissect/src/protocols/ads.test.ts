import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { ADD_ROUTE, ASK, IDENTIFIED, IDENTIFY, INFO, WRITE } from '../testing/samples/ads.ts'
import { ads, adsDiscovery } from './ads.ts'

test.each([Infinity, 13])('tells addresses, device and commands, in pieces of %d', (piece) => {
  const { lines } = converse(
    ads,
    [
      ['client', ASK],
      ['server', INFO],
      ['client', WRITE],
    ],
    {},
    piece,
  )
  expect([...new Set(lines)]).toEqual([
    'client ads.net-id 192.168.1.99.1.1',
    'server ads.net-id 5.13.117.86.1.1',
    'client ads.command read-device-info',
    'server ads.device-name TwinCAT System',
    'server ads.device-version 2.11.1550',
    'client ads.command write',
  ])
})

test('tells what a discovery finds', () => {
  const { lines } = converse(adsDiscovery, [
    ['client', IDENTIFY],
    ['server', IDENTIFIED],
  ])
  expect(lines).toEqual([
    'client ads.net-id 192.168.1.99.1.1',
    'client ads.service identify',
    'server ads.net-id 5.13.117.86.1.1',
    'server ads.host-name CX-0D7556',
    'server ads.os-version 6.0.0',
    'server ads.twincat-version 2.11.2018',
  ])
})

test('the login of a request for a route is not read', () => {
  expect(converse(adsDiscovery, [['client', ADD_ROUTE]]).lines).toEqual([
    'client ads.net-id 192.168.1.99.1.1',
    'client ads.service add-route',
  ])
})

test.each([
  ['a command', ads, ASK, 'strong'],
  ['a command cut', ads, ASK.slice(0, 20), 'incomplete'],
  ['zeros', ads, new Uint8Array(60), 'no'],
  ['a discovery', adsDiscovery, IDENTIFY, 'strong'],
  ['another datagram', adsDiscovery, bytesOf([3, 0x66, 0x14, 0x70], new Uint8Array(20)), 'no'],
] as const)('%s', (_case, dissector, message, likeness) => {
  expect(readMessage(dissector, message).likeness).toBe(likeness)
})
