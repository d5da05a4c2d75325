import { expect, test } from 'vitest'
import { hexText, hostIp, ipText, stationMac } from './address.ts'
import { address } from './testing/frames.ts'

const bytes = (text: string) => Uint8Array.from(address(text))

test.each([
  ['10.0.0.255', '10.0.0.255'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['fe80:0:0:0:0:0:0:1', 'fe80::1'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['0:0:0:0:0:ffff:0a00:0001', '::ffff:10.0.0.1'],
])('writes %s in canonical form', (text, canonical) => {
  expect(ipText(bytes(text))).toBe(canonical)
})

test('an address of another length is no address', () => {
  expect(ipText(Uint8Array.of(1, 2, 3))).toBe('')
})

test.each(['0.0.0.0', '127.0.0.1', '224.0.0.251', '255.255.255.255', '::', '::1', 'ff02::fb'])(
  '%s is no host',
  (text) => {
    expect(hostIp(bytes(text))).toBeUndefined()
  },
)

test('hosts are hosts', () => {
  expect(hostIp(bytes('192.168.1.7'))).toBe('192.168.1.7')
  expect(hostIp(bytes('fe80::2'))).toBe('fe80::2')
})

test('a group or empty MAC is no station', () => {
  expect(stationMac(bytes('01:00:5e:00:00:fb'))).toBeUndefined()
  expect(stationMac(bytes('00:00:00:00:00:00'))).toBeUndefined()
  expect(stationMac(bytes('00:1a:22:03:cb:be'))).toBe('00:1a:22:03:cb:be')
  expect(hexText(Uint8Array.of(0, 255, 16), '-')).toBe('00-ff-10')
})
