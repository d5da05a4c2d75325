import { memoized } from './memo.ts'

/** What a MAC says of its owner before any other fact is known. */
export type MacKind =
  | 'universal'
  | 'random'
  | 'virtual-machine'
  | 'virtual-router'
  | 'group'
  | 'none'

/** Prefixes of addresses that routers share (VRRP, HSRP, GLBP, CARP) and that no device owns. */
const SHARED_BY_ROUTERS = [
  '00:00:5e:00:01:',
  '00:00:5e:00:02:',
  '00:00:0c:07:ac:',
  '00:00:0c:9f:f',
  '00:05:73:a0:0',
  '00:07:b4:00:',
]
/** Prefixes that hypervisors and container runtimes hand out. */
const GIVEN_TO_GUESTS = [
  '00:50:56:',
  '00:0c:29:',
  '00:05:69:',
  '00:1c:14:',
  '08:00:27:',
  '0a:00:27:',
  '52:54:00:',
  '00:16:3e:',
  '00:15:5d:',
  '00:1c:42:',
  '02:42:',
  'fe:54:00:',
  'bc:24:11:',
  '58:9c:fc:',
  '50:6b:8d:',
]
const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/
const EUI_64 = /ff:fe/i

/** Tells shared, guest, random and group addresses from those that a maker burnt in (IEEE 802 §8.2). */
export const kindOfMac: (mac: string) => MacKind = memoized((mac) => {
  if (!MAC.test(mac) || mac === '00:00:00:00:00:00') return 'none'
  const first = parseInt(mac.slice(0, 2), 16)
  if ((first & 1) === 1) return 'group'
  if (SHARED_BY_ROUTERS.some((prefix) => mac.startsWith(prefix))) return 'virtual-router'
  if (GIVEN_TO_GUESTS.some((prefix) => mac.startsWith(prefix))) return 'virtual-machine'
  return (first & 2) === 2 ? 'random' : 'universal'
})

/** Can this address name one device, for as long as nobody else is known to use it? */
export function isDeviceMac(mac: string): boolean {
  const kind = kindOfMac(mac)
  return kind === 'universal' || kind === 'random' || kind === 'virtual-machine'
}

export function isIpv6(ip: string): boolean {
  return ip.includes(':')
}

/** An address that one host holds: not unspecified, loopback, multicast, broadcast or reserved. */
export const isHostIp: (ip: string) => boolean = memoized((ip) =>
  isIpv6(ip) ? isHostIpv6(ip) : isHostIpv4(ip),
)

function isHostIpv4(ip: string): boolean {
  const parts = octetsOf(ip)
  if (!parts) return false
  const [first, , , last] = parts
  return first > 0 && first < 224 && first !== 127 && last !== 255
}

function isHostIpv6(ip: string): boolean {
  if (ip === '::' || ip === '::1' || /^ff/i.test(ip)) return false
  // fe80::1 and its like are configured on every link of a site; only a long interface id is one host's own.
  return !/^fe80::[0-9a-f]{0,4}$/i.test(ip)
}

/** Never crosses a router: 169.254.0.0/16 (RFC 3927), fe80::/10 (RFC 4291 §2.5.6). */
export function isLinkLocal(ip: string): boolean {
  return ip.startsWith('169.254.') || /^fe[89ab]/i.test(ip)
}

/** Private use: RFC 1918, RFC 6598, link-local, RFC 4193. */
export function isPrivateIp(ip: string): boolean {
  if (isLinkLocal(ip)) return true
  if (isIpv6(ip)) return /^f[cd]/i.test(ip)
  const parts = octetsOf(ip)
  if (!parts) return false
  const [first, second] = parts
  if (first === 10 || (first === 192 && second === 168)) return true
  if (first === 172) return second >= 16 && second < 32
  return first === 100 && second >= 64 && second < 128
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

function octetsOf(ip: string): [number, number, number, number] | undefined {
  const found = IPV4.exec(ip)
  if (!found) return undefined
  const [a, b, c, d] = [Number(found[1]), Number(found[2]), Number(found[3]), Number(found[4])]
  return a < 256 && b < 256 && c < 256 && d < 256 ? [a, b, c, d] : undefined
}

/** The first 64 bits of an IPv6 address in canonical text, as text to compare. */
export function prefix64(ip: string): string {
  return groupsOf(ip).slice(0, 4).join(':')
}

/** The burnt-in MAC that an IPv6 address made from it carries (RFC 4291 appendix A). */
export function macOfEui64(ip: string): string | undefined {
  // Its middle, always written in full: most addresses have none.
  if (!isIpv6(ip) || !EUI_64.test(ip)) return undefined
  const bits = groupsOf(ip)
    .slice(4)
    .map((group) => group.padStart(4, '0'))
    .join('')
  if (!/^[0-9a-f]{6}fffe[0-9a-f]{6}$/i.test(bits)) return undefined
  const first = (parseInt(bits.slice(0, 2), 16) ^ 2).toString(16).padStart(2, '0')
  const octets = [
    first,
    bits.slice(2, 4),
    bits.slice(4, 6),
    bits.slice(10, 12),
    bits.slice(12, 14),
    bits.slice(14),
  ]
  const mac = octets.join(':').toLowerCase()
  return kindOfMac(mac) === 'universal' ? mac : undefined
}

function groupsOf(ip: string): string[] {
  const [head = '', tail] = ip.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  return [...before, ...Array<string>(gap).fill('0'), ...after]
}
