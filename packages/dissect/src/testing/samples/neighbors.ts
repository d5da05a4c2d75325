import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** An option of Neighbor Discovery: its length counts eights of bytes (RFC 4861 §4.6). */
export function option(type: number, ...value: readonly Part[]): Uint8Array {
  const body = bytesOf(...value)
  return bytesOf(type, (body.length + 2) / 8, body)
}

/** A message of ICMPv6 without its check sum. */
export const icmp6 = (type: number, ...rest: readonly Part[]): Uint8Array =>
  bytesOf(type, 0, be16(0), ...rest)

const ROUTER_MAC = address('00:1a:22:00:00:fe')

export const ADVERTISED = icmp6(
  134,
  [64, 0x48],
  be16(1800),
  be32(0),
  be32(0),
  option(1, ROUTER_MAC),
  option(3, [64, 0xc0], be32(86_400), be32(14_400), be32(0), address('2001:db8:5::')),
  option(5, be16(0), be32(1480)),
  option(25, be16(0), be32(600), address('2001:db8::53'), address('2001:db8::54')),
  option(31, be16(0), be32(600), 4, 'ward', 7, 'example', 0, new Uint8Array(2)),
)

const TARGET = address('2001:db8:5::7')
export const PROBE = icmp6(135, be32(0), TARGET)
export const ASKED = icmp6(135, be32(0), TARGET, option(1, address('00:1a:22:00:00:07')))
/** An answer with the flags router, solicited, override. */
export const answer = (flags: number): Uint8Array =>
  icmp6(136, be32(flags << 24), TARGET, option(2, address('00:1a:22:00:00:07')))
export const REDIRECTED = icmp6(137, be32(0), TARGET, address('2001:db8:9::1'))

export const LISTENS = icmp6(131, be32(0), address('ff02::fb'))
export const LISTENS_TO_MANY = icmp6(
  143,
  be16(0),
  be16(4),
  [4, 0, 0, 0],
  address('ff02::fb'),
  [4, 0, 0, 0],
  address('ff02::1:ff00:7'),
  [3, 0, 0, 0],
  address('ff05::1:3'),
  [1, 0, 0, 1],
  address('ff3e::8000:1'),
  address('2001:db8::9'),
)

export const JOINS = bytesOf(0x16, 0, be16(0), address('239.255.255.250'))
export const JOINS_MANY = bytesOf(
  [0x22, 0],
  be16(0),
  be16(0),
  be16(4),
  [4, 0, 0, 0],
  address('224.0.0.251'),
  [3, 0, 0, 0],
  address('239.1.1.1'),
  [1, 0, 0, 0],
  address('239.1.1.2'),
  [2, 1, 0, 0],
  address('239.1.1.3'),
  be32(7),
)

/** An advertisement of version 2 for two addresses; the password stands behind them. */
export const vrrp2 = (...rest: readonly Part[]): Uint8Array =>
  bytesOf([0x21, 7, 120, 2, 1, 1], be16(0), address('10.0.0.1'), address('10.0.1.1'), ...rest)
export const STANDS_IN = vrrp2('planted\0')
export const STANDS_IN_V6 = bytesOf([0x31, 9, 100, 1], be16(100), be16(0), address('fe80::9'))

const sample = (protocol: string, bytes: Uint8Array): Sample => ({
  protocol,
  over: 'ip',
  from: 'client',
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  ...[ADVERTISED, PROBE, ASKED, answer(0xe0), REDIRECTED].map((bytes) => sample('ndp', bytes)),
  ...[LISTENS, LISTENS_TO_MANY].map((bytes) => sample('mld', bytes)),
  ...[JOINS, JOINS_MANY].map((bytes) => sample('igmp', bytes)),
  ...[STANDS_IN, STANDS_IN_V6].map((bytes) => sample('vrrp', bytes)),
]
