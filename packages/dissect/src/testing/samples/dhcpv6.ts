import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import { name } from './dns.ts'
import type { Sample } from './sample.ts'

export function option(code: number, ...value: readonly Part[]): Uint8Array {
  const body = bytesOf(...value)
  return bytesOf(be16(code), be16(body.length), body)
}

export const dhcpv6Message = (type: number, ...options: readonly Uint8Array[]): Uint8Array =>
  bytesOf([type, 1, 2, 3], ...options)

const DUID = bytesOf(be16(1), be16(1), be32(0x2a), address('00:09:fb:12:34:56'))

export const SOLICIT = dhcpv6Message(
  1,
  option(1, DUID),
  option(6, be16(23), be16(24), be16(39)),
  option(16, be32(311), be16(8), 'MSFT 5.0'),
  option(39, 0, name('ct-2.hospital.example')),
  option(112, 'https://mud.example/ct'),
)

const lease = (ip: string, lifetime: number) =>
  option(3, be32(7), be32(0), be32(0), option(5, address(ip), be32(60), be32(lifetime)))

export const REPLY = dhcpv6Message(
  7,
  option(1, DUID),
  option(2, be16(2), be32(9), 'srv'),
  lease('2001:db8::31', 3600),
  lease('2001:db8::32', 0),
  option(23, address('2001:db8::53')),
)

export const relayed = (type: number, inner: Uint8Array): Uint8Array =>
  bytesOf(
    [type, 0],
    address('2001:db8::1'),
    address('fe80::31'),
    option(18, 'ge-0/0/7'),
    option(79, be16(1), address('00:09:fb:12:34:56')),
    option(9, inner),
  )

export const SAMPLES: readonly Sample[] = [
  SOLICIT,
  REPLY,
  relayed(12, SOLICIT),
  relayed(13, relayed(13, REPLY)),
].map((bytes) => ({
  protocol: 'dhcpv6',
  over: 'udp',
  from: bytes === SOLICIT ? 'client' : 'server',
  bytes,
}))
