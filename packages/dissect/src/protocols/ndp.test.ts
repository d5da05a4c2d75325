import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { address, be16, be32, bytesOf } from '../testing/frames.ts'
import {
  ADVERTISED,
  answer,
  ASKED,
  icmp6,
  option,
  PROBE,
  REDIRECTED,
} from '../testing/samples/neighbors.ts'
import { ndp } from './ndp.ts'

const said = (message: Uint8Array, isMulticast = true) =>
  readMessage(ndp, message, testContext({ isMulticast })).facts.map(({ subject, field, value }) => {
    const who = typeof subject === 'string' ? '' : `${subject.mac} ${subject.ip} `
    return `${who}${field.slice('ndp.'.length)}=${value}`
  })

test('a router says what it gives', () => {
  expect(said(ADVERTISED)).toEqual([
    'router=high',
    'from-dhcp=other',
    'link-address=00:1a:22:00:00:fe',
    'prefix=2001:db8:5::/64',
    'mtu=1480',
    'dns-server=2001:db8::53',
    'dns-server=2001:db8::54',
    'search-domain=ward.example',
  ])
})

test('a router that is not to be sent anything is no way out', () => {
  const message = ADVERTISED.slice()
  message.set(be16(0), 6)
  expect(said(message)[0]).toBe('router=none')
})

test('who asks where an address is says where it is itself; who has none yet probes', () => {
  expect(said(ASKED)).toEqual(['link-address=00:1a:22:00:00:07'])
  expect(said(PROBE)).toEqual(['probe=2001:db8:5::7'])
  expect(said(PROBE, false)).toEqual([])
})

test('an answer binds the address to the MAC, unless it is given for another', () => {
  const bound = '00:1a:22:00:00:07 2001:db8:5::7 address=2001:db8:5::7'
  expect(said(answer(0x60))).toEqual(['link-address=00:1a:22:00:00:07', bound])
  expect(said(answer(0xe0))).toEqual(['role=router', 'link-address=00:1a:22:00:00:07', bound])
  expect(said(answer(0x40))).toEqual(['link-address=00:1a:22:00:00:07'])
})

test('a redirect names the better way', () => {
  expect(said(REDIRECTED)).toEqual(['redirect=2001:db8:5::7'])
})

test('options end with one of no length or of more than there is', () => {
  const head = [be32(0), address('2001:db8::7')]
  const source = option(1, address('00:1a:22:00:00:07'))
  expect(said(icmp6(135, ...head, [9, 0], new Uint8Array(6), source), false)).toEqual([])
  expect(said(icmp6(135, ...head, [1, 2], new Uint8Array(6)), false)).toEqual([])
})

test.each([
  ['an advertisement', ADVERTISED, 'strong'],
  ['cut short', ADVERTISED.subarray(0, 15), 'no'],
  ['with a code', bytesOf(134, 1, ADVERTISED.subarray(2)), 'no'],
  ['an echo', icmp6(128, be32(0), new Uint8Array(40)), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(ndp, message).likeness).toBe(likeness)
})
