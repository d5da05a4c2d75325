import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  address,
  be16,
  be32,
  bytesOf,
  CLIENT,
  ethernet,
  hex,
  ipv4,
  ipv6,
  SERVER,
  tcp,
  udp,
} from '../testing/frames.ts'
import { decode, decodeInside } from './decode.ts'
import { KIND, Packet, TRANSPORTS } from './packet.ts'

function read(frame: Uint8Array, linkType = 1, original = frame.length): Packet {
  const p = new Packet()
  // The frame lies in the middle of a larger piece, and nothing outside of it may count.
  const piece = bytesOf(new Uint8Array(7).fill(0x45), frame, new Uint8Array(9).fill(0x45))
  decode(p, piece, 7, frame.length, original, linkType)
  return p
}

const SEGMENT = tcp({ flags: 'S', seq: 0xfffffff0 }, bytesOf('hello'))
const PACKET = ipv4({ protocol: 6, ttl: 63 }, SEGMENT)
const FRAME = ethernet({ etherType: 0x0800 }, PACKET)
const SIX = ipv6({ protocol: 6 }, SEGMENT)

function payloadOf(p: Packet): string {
  return String.fromCharCode(...p.bytes.subarray(p.payload, p.payloadEnd))
}

/** What matters of a packet: every way to the same TCP segment must come to the same. */
function summaryOf(p: Packet) {
  const { kind, version, sourcePort, targetPort, tcpFlags, fragment, ipBytes, payloadBytes } = p
  const transport = TRANSPORTS[p.transport]
  const ports = [sourcePort, targetPort]
  const payload = payloadOf(p)
  const seq = p.seq >>> 0
  return {
    kind,
    version,
    transport,
    ports,
    tcpFlags,
    seq,
    fragment,
    ipBytes,
    payloadBytes,
    payload,
  }
}

const WHOLE = {
  kind: KIND.flow,
  version: 4,
  transport: 'tcp',
  ports: [CLIENT.port, SERVER.port],
  tcpFlags: 2,
  seq: 0xfffffff0,
  fragment: 0,
  ipBytes: 45,
  payloadBytes: 5,
  payload: 'hello',
}

const cooked = (type: number, packet: Uint8Array) =>
  bytesOf(be16(0), be16(1), be16(6), address(CLIENT.mac), be16(0), be16(type), packet)
const cooked2 = (type: number, packet: Uint8Array) =>
  bytesOf(be16(type), be16(0), be32(3), be16(1), [0, 6], address(CLIENT.mac), be16(0), packet)
const gre = (type: number, inner: Uint8Array, flags = 0, extra: readonly number[] = []) =>
  ipv4({ protocol: 47 }, bytesOf(be16(flags), be16(type), extra, inner))
/** A data frame of 802.11: frame control, what follows the sequence control, then 802.2. */
const wlan = (control: string, packet: Uint8Array, more = '') =>
  bytesOf(hex(control), new Uint8Array(22), hex(more), hex('aaaa03000000 0800'), packet)
/** The frame with a tag of each of these types. */
const tagged = (...types: number[]) =>
  bytesOf(FRAME.slice(0, 12), ...types.flatMap((type) => [be16(type), be16(7)]), FRAME.slice(12))
const inVlan = (...vlan: number[]) => ethernet({ etherType: 0x0800, vlan }, PACKET)

test.each([
  ['Ethernet', FRAME, 1],
  ['Ethernet with padding', bytesOf(FRAME, new Uint8Array(12)), 1],
  ['802.1Q', inVlan(5), 1],
  ['QinQ', inVlan(5, 6), 1],
  ['QinQ of before the standard', tagged(0x9100, 0x8100), 1],
  ['QinQ of another number', tagged(0x9200, 0x9100), 1],
  [
    'an 802.3 frame with SNAP',
    bytesOf(FRAME.slice(0, 12), be16(8 + 45), hex('aaaa03000000 0800'), PACKET),
    1,
  ],
  ['Linux cooked v1', cooked(0x0800, PACKET), 113],
  ['Linux cooked v1 with a tag', cooked(0x8100, bytesOf(be16(5), be16(0x0800), PACKET)), 113],
  ['Linux cooked v2', cooked2(0x0800, PACKET), 276],
  ['Linux cooked v2 with a tag', cooked2(0x8100, bytesOf(be16(5), be16(0x0800), PACKET)), 276],
  ['raw IP', PACKET, 101],
  ['raw IP as BSD numbers it', PACKET, 12],
  ['raw IPv4', PACKET, 228],
  ['BSD loopback', bytesOf(hex('02000000'), PACKET), 0],
  ['OpenBSD loopback', bytesOf(hex('00000002'), PACKET), 108],
  ['PPP', bytesOf(hex('ff030021'), PACKET), 9],
  ['Cisco HDLC', bytesOf(hex('0f000800'), PACKET), 104],
  ['MPLS', ethernet({ etherType: 0x8847 }, bytesOf(hex('00010040 00011140'), PACKET)), 1],
  [
    'MPLS over a pseudowire',
    ethernet({ etherType: 0x8847 }, bytesOf(hex('00011140 00000000'), FRAME)),
    1,
  ],
  [
    'a service function chain',
    ethernet({ etherType: 0x894f }, bytesOf(hex('0fc20101 00030907'), PACKET)),
    1,
  ],
  [
    'a service function chain with metadata and a frame',
    ethernet({ etherType: 0x894f }, bytesOf(hex('0fc60203 00030907'), new Uint8Array(16), FRAME)),
    1,
  ],
  ['Ethernet in IP', ipv4({ protocol: 143 }, FRAME), 101],
  ['EtherIP', ipv4({ protocol: 97 }, bytesOf(hex('3000'), FRAME)), 101],
  ['TRILL', ethernet({ etherType: 0x22f3 }, bytesOf(hex('0005 0001 0002'), FRAME)), 1],
  [
    'TRILL with options',
    ethernet({ etherType: 0x22f3 }, bytesOf(hex('0045 0001 0002 00000000'), FRAME)),
    1,
  ],
  ['a provider backbone', ethernet({ etherType: 0x88e7 }, bytesOf(hex('00002710'), FRAME)), 1],
  ['PPPoE', ethernet({ etherType: 0x8864 }, bytesOf(hex('11000001002f0021'), PACKET)), 1],
  ['GRE', ethernet({ etherType: 0x0800 }, gre(0x0800, PACKET)), 1],
  ['GRE with key and sequence', gre(0x0800, PACKET, 0x3000, [0, 0, 0, 1, 0, 0, 0, 2]), 101],
  ['GRE over IPv6', ipv6({ protocol: 47 }, bytesOf(be16(0), be16(0x0800), PACKET)), 101],
  [
    'Ethernet over GRE over IPv6',
    ipv6({ protocol: 47 }, bytesOf(be16(0), be16(0x6558), FRAME)),
    101,
  ],
  ['Ethernet over GRE', gre(0x6558, FRAME), 101],
  ['ERSPAN I', gre(0x88be, FRAME), 101],
  ['ERSPAN II', gre(0x88be, bytesOf(hex('1001000000000000'), FRAME), 0x1000, [0, 0, 0, 1]), 101],
  [
    'ERSPAN III',
    gre(0x22eb, bytesOf(hex('200100000000000000000000'), FRAME), 0x1000, [0, 0, 0, 1]),
    101,
  ],
  ['IP in IP', ipv4({ protocol: 4 }, PACKET), 101],
  [
    'ERSPAN III without Ethernet',
    gre(0x22eb, bytesOf(hex('2001000000000000 00000800'), PACKET)),
    101,
  ],
  ['WCCP', gre(0x883e, PACKET), 101],
  ['WCCP version 2', gre(0x883e, bytesOf(hex('00000000'), PACKET)), 101],
  ['802.11 to an access point', wlan('0801', PACKET), 105],
  ['802.11 from an access point, with QoS', wlan('8802', PACKET, '0000'), 105],
  ['802.11 between access points', wlan('0803', PACKET, '020000000009'), 105],
  ['radiotap', bytesOf(hex('0000 0800 00000000'), wlan('0801', PACKET)), 127],
  [
    'radiotap with timestamp, padding and check sequence',
    bytesOf(
      hex('0000 1100 03000000 0000000000000000 30'),
      wlan('8802', PACKET, '0000 0000'),
      hex('01020304'),
    ),
    127,
  ],
  ['per-packet information', bytesOf(hex('0000 0800 69000000'), wlan('0801', PACKET)), 192],
  ['PKTAP', bytesOf(hex('0c000000 01000000 01000000'), FRAME), 258],
  ['NFLOG', bytesOf(hex('0200002a 05000a00 00000000 31000900'), PACKET), 239],
  ['IP over InfiniBand', bytesOf(new Uint8Array(40), hex('08000000'), PACKET), 242],
  [
    'MACsec in the clear',
    ethernet({ etherType: 0x88e5 }, bytesOf(hex('2000 00000044 0011223344550001 0800'), PACKET)),
    1,
  ],
  [
    'MACsec in the clear without its channel',
    ethernet({ etherType: 0x88e5 }, bytesOf(hex('0000 00000044 0800'), PACKET)),
    1,
  ],
  ['what Juniper writes', bytesOf(hex('4d474380 0004 03010101'), FRAME), 178],
  ['what Juniper writes without extensions', bytesOf(hex('4d474300'), FRAME), 178],
  ['what Solaris writes', bytesOf(new Uint8Array(24), PACKET), 226],
  ['frame relay', bytesOf(hex('1841 03cc'), PACKET), 107],
  ['frame relay with SNAP', bytesOf(hex('1841 0300 80000000 0800'), PACKET), 107],
  ['frame relay as Cisco has it', bytesOf(hex('1841 0800'), PACKET), 107],
  ['a DSA tag', bytesOf(FRAME.slice(0, 12), hex('c0100539'), FRAME.slice(12)), 284],
  ['an EDSA tag', bytesOf(FRAME.slice(0, 12), hex('dada0000 c0100539'), FRAME.slice(12)), 285],
  ['a tag before the frame', bytesOf(hex('2c000080'), FRAME), 282],
])('finds the segment in %s', (_case, frame, linkType) => {
  expect(summaryOf(read(frame, linkType))).toEqual(WHOLE)
})

const extension = (next: number, length = 8) =>
  bytesOf(next, length / 8 - 1, new Uint8Array(length - 2))

test.each([
  ['IPv6', SIX],
  ['IPv6 in IPv4', ipv4({ protocol: 41 }, SIX)],
])('finds the segment in %s', (_case, frame) => {
  expect(summaryOf(read(frame, 101))).toEqual({ ...WHOLE, version: 6, ipBytes: 65 })
})

test('passes over IPv6 extension headers and IPv4 options', () => {
  const options = ipv4({ protocol: 6, options: new Uint8Array(8).fill(1) }, SEGMENT)
  expect(read(options, 101)).toMatchObject({ ipBytes: 53, sourcePort: CLIENT.port })
  const body = bytesOf(extension(43, 16), extension(60), extension(6), SEGMENT)
  const packet = ipv6({ protocol: 0 }, body)
  expect(read(packet, 229)).toMatchObject({ ipBytes: packet.length, targetPort: SERVER.port })
  expect(payloadOf(read(packet, 229))).toBe('hello')
})

test('reads addresses, MACs, VLANs and hop limit', () => {
  const p = read(inVlan(5, 0, 4095))
  expect(p).toMatchObject({ vlanCount: 2, vlan0: 5, vlan1: 4095, ttl: 63, hasMac: true })
  expect([p.sourceMacHigh, p.sourceMacLow, p.targetMacLow]).toEqual([0x0200, 1, 2])
  expect([p.source2, p.source3 >>> 0, p.target3 >>> 0]).toEqual([0xffff, 0x0a000001, 0x0a000002])
  const cookedTag = cooked2(0x8100, bytesOf(be16(5), be16(0x0800), PACKET))
  expect(read(cookedTag, 276)).toMatchObject({ vlanCount: 1, vlan0: 5 })
  expect(read(tagged(0x9100, 0x9200))).toMatchObject({ vlanCount: 2, vlan0: 7, vlan1: 7 })
  expect(read(SIX, 101)).toMatchObject({ hasMac: false, source0: 0xfe800000 | 0, source3: 1 })
})

test('tells first, later and no fragments apart', () => {
  const part = (offset: number, more: boolean) =>
    read(ipv4({ protocol: 17, id: 9, fragment: { offset, more } }, SEGMENT), 101)
  expect(part(0, false).fragment).toBe(0)
  expect(part(0, true)).toMatchObject({ fragment: 1, fragmentId: 9, sourcePort: CLIENT.port })
  expect(part(8, true)).toMatchObject({ fragment: 2, sourcePort: 0, transport: 2 })
  const header = bytesOf(17, 0, be16(0x0009), be32(77))
  expect(read(ipv6({ protocol: 44 }, bytesOf(header, SEGMENT)), 101)).toMatchObject({
    fragment: 2,
    fragmentId: 77,
    transport: 2,
  })
})

test('gives a request of ICMP and its answer the same pair of ports, the other way round', () => {
  const ports = (protocol: number, type: number, code = 0) => {
    const { sourcePort, targetPort } = read(
      ipv4({ protocol }, bytesOf(type, code, new Uint8Array(6))),
      101,
    )
    return [sourcePort, targetPort]
  }
  expect([ports(1, 8), ports(1, 0)]).toEqual([
    [8, 0],
    [0, 8],
  ])
  expect([ports(1, 13), ports(1, 14)]).toEqual([
    [13, 14],
    [14, 13],
  ])
  expect([ports(58, 128), ports(58, 129)]).toEqual([
    [128, 129],
    [129, 128],
  ])
  expect([ports(58, 135), ports(58, 136)]).toEqual([
    [135, 136],
    [136, 135],
  ])
  expect(ports(1, 3, 1)).toEqual([3, 1])
})

test('names what is no flow', () => {
  const lldp = read(ethernet({ etherType: 0x88cc, vlan: [7] }, bytesOf('tlv')))
  expect(lldp).toMatchObject({ kind: KIND.link, etherType: 0x88cc, vlan0: 7 })
  expect(payloadOf(lldp)).toBe('tlv')
  const header = bytesOf(address('01:00:0c:cc:cc:cc'), address(CLIENT.mac))
  const cdp = read(bytesOf(header, be16(11), hex('aaaa0300000c2000'), 'cdp', new Uint8Array(30)))
  expect(cdp).toMatchObject({ kind: KIND.link, etherType: 0x0000_0c20_00 })
  expect(payloadOf(cdp)).toBe('cdp')
  const stp = read(bytesOf(header, be16(6), hex('424203'), 'bpd', new Uint8Array(30)))
  expect(stp).toMatchObject({ kind: KIND.link, etherType: 0x42 })
  expect(payloadOf(stp)).toBe('bpd')
  expect(read(FRAME, 147).kind).toBe(KIND.unknown)
})

test.each([
  ['a frame cut in the Ethernet header', FRAME.slice(0, 13)],
  ['a frame cut in the IP header', FRAME.slice(0, 30)],
  [
    'an IP header longer than the packet',
    ethernet({ etherType: 0x0800 }, bytesOf(0x4f, PACKET.slice(1, 30))),
  ],
  [
    'a total length shorter than the header',
    ethernet({ etherType: 0x0800 }, bytesOf(0x45, 0, be16(10), PACKET.slice(4))),
  ],
  ['an unknown IP version', ethernet({ etherType: 0x0800 }, bytesOf(0x95, PACKET.slice(1)))],
])('finds nothing in %s', (_case, frame) => {
  expect(read(frame).kind).toBe(KIND.none)
})

test('keeps the flow of a packet that is cut in the transport or the payload', () => {
  expect(read(FRAME.slice(0, 36), 1, FRAME.length)).toMatchObject({
    kind: KIND.flow,
    sourcePort: 0,
  })
  const p = read(FRAME.slice(0, -3), 1, FRAME.length)
  expect(p).toMatchObject({ ipBytes: 45, payloadBytes: 5 })
  expect(payloadOf(p)).toBe('he')
})

test('encrypted MACsec is a message of the link', () => {
  const payload = bytesOf(hex('2c00 00000044 0011223344550001 0800'), PACKET)
  const p = read(ethernet({ etherType: 0x88e5 }, payload))
  expect(p).toMatchObject({ kind: KIND.link, etherType: 0x88e5 })
})

test('a frame of 802.11 that is no readable data is a message of the link', () => {
  const frames = ['8000', '4801', '0841'].map((control) => wlan(control, PACKET))
  for (const frame of frames) expect(read(frame, 105)).toMatchObject({ kind: KIND.link })
  const macs = bytesOf(
    hex('0802 0000'),
    address(SERVER.mac),
    new Uint8Array(6),
    address(CLIENT.mac),
  )
  const data = read(bytesOf(macs, be16(0), hex('aaaa03000000 0800'), PACKET), 105)
  expect(data).toMatchObject({ hasMac: true, sourceMacLow: 1, targetMacLow: 2 })
})

test('goes on inside tunnels over UDP, after the flow of the tunnel itself', () => {
  const carried = (port: number, header: Uint8Array, inner: Uint8Array) =>
    ipv4({ protocol: 17 }, udp({ to: port }, bytesOf(header, inner)))
  const vxlan = read(carried(4789, hex('0800000000002a00'), FRAME), 101)
  expect(vxlan).toMatchObject({ transport: 2, targetPort: 4789 })
  expect(decodeInside(vxlan)).toBe(true)
  expect(summaryOf(vxlan)).toEqual(WHOLE)
  const geneve = read(carried(6081, hex('0100655800002a00 01020304'), FRAME), 101)
  expect(decodeInside(geneve)).toBe(true)
  expect(summaryOf(geneve)).toEqual(WHOLE)
  const others: readonly (readonly [string, number, Uint8Array, Uint8Array])[] = [
    ['geneve', 6081, hex('0000080000002a00'), PACKET],
    ['geneve', 6081, hex('0100080000002a00 01020304'), PACKET],
    ['vxlan', 4789, hex('0800000000002a00'), FRAME],
    ['vxlan', 4790, hex('0c00000300002a00'), FRAME],
    ['vxlan', 4790, hex('0c00000100002a00'), PACKET],
    ['vxlan', 4790, hex('0c00000400002a00 0fc20101 00030907'), PACKET],
    ['mpls', 6635, hex('0001513f'), PACKET],
    ['gtp', 2152, hex('30ff002d 00000001'), PACKET],
    ['gtp', 2152, hex('34ff0035 00000001 00000085 01001000'), PACKET],
    ['capwap', 5247, hex('00100200 00000000'), FRAME],
    ['capwap', 5247, hex('00100300 00000000'), wlan('0801', PACKET)],
    ['capwap', 5247, hex('00100300 00000000'), wlan('0108', PACKET)],
  ]
  for (const [tunnel, port, header, inner] of others) {
    const overSix = ipv6({ protocol: 17 }, udp({ to: port }, bytesOf(header, inner)))
    for (const packet of [carried(port, header, inner), overSix]) {
      const p = read(packet, 101)
      expect(decodeInside(p)).toBe(true)
      expect(summaryOf(p)).toEqual(WHOLE)
      expect(p.tunnel).toBe(tunnel)
    }
  }
  // GTP's own messages, and CAPWAP's keep-alive, carry no packet.
  expect(decodeInside(read(carried(2152, hex('3001002d 00000001'), PACKET), 101))).toBe(false)
  expect(decodeInside(read(carried(5247, hex('00100208 00000000'), FRAME), 101))).toBe(false)
  // Port 6635 alone makes no labels.
  expect(decodeInside(read(carried(6635, hex('00000000'), PACKET), 101))).toBe(false)
  const six = bytesOf(SIX.slice(0, 8), address('2001:0:5ef5::1'), SIX.slice(24))
  for (const header of ['', '0000b11b3fea46a9', '00010000b11b3fea46a9afe900 0000b11b3fea46a9']) {
    const teredo = read(carried(3544, hex(header), six), 101)
    expect(decodeInside(teredo)).toBe(true)
    expect(summaryOf(teredo)).toMatchObject({ version: 6, payload: 'hello' })
  }
  expect(decodeInside(read(carried(40_000, hex(''), six), 101))).toBe(true)
  expect(decodeInside(read(carried(40_000, hex(''), SIX), 101))).toBe(false)
  expect(decodeInside(read(carried(3544, hex(''), six.slice(0, -1)), 101))).toBe(false)
  expect(decodeInside(read(FRAME))).toBe(false)
})

test('VXLAN needs its one flag alone, and with reserved bits a frame inside (RFC 7348 section 5)', () => {
  const inside = (header: string, inner: Uint8Array, port = 4789) =>
    decodeInside(read(ipv4({ protocol: 17 }, udp({ to: port }, bytesOf(hex(header), inner))), 101))
  const arp = ethernet({ etherType: 0x0806 }, new Uint8Array(28))
  // A group policy, a checksum left to the receiver, and any bit: whoever receives them ignores what is reserved.
  for (const header of ['8800001100002a00', '0820000000002a91', '0900000000002a00']) {
    for (const inner of [FRAME, arp, inVlan(5), ethernet({ etherType: 0x86dd }, SIX)]) {
      expect(inside(header, inner)).toBe(true)
      expect(inside(header, inner, 40_000)).toBe(false)
    }
    // An answer to a client whose port has this number carries none.
    expect(inside(header, bytesOf(PACKET, PACKET))).toBe(false)
    expect(inside(header, ethernet({ etherType: 0x0800 }, SIX))).toBe(false)
    expect(inside(header, FRAME.slice(0, 20))).toBe(false)
  }
  expect(inside('8000001100002a00', FRAME)).toBe(false)
})

const TEREDO_SIX = bytesOf(SIX.slice(0, 8), address('2001:0:5ef5::1'), SIX.slice(24))
const UNSTATED = bytesOf(PACKET.slice(0, 2), be16(0), PACKET.slice(4))

test.each([
  ['vxlan', 4789, '0800000000002a00', FRAME],
  ['geneve', 6081, '0000655800002a00', FRAME],
  ['gtp', 2152, '30ff002d 00000001', PACKET],
  ['mpls', 6635, '0001513f', PACKET],
  ['capwap', 5247, '00100200 00000000', FRAME],
  ['teredo', 3544, '', TEREDO_SIX],
  ['teredo', 40_000, '', TEREDO_SIX],
  ['gtp', 2152, '30ff002d 00000001', UNSTATED],
])('in the first fragment of %s on port %i a packet is cut off', (tunnel, port, header, inner) => {
  const datagram = udp({ to: port }, bytesOf(hex(header), inner))
  const part = (offset: number, end: number) =>
    read(
      ipv4({ protocol: 17, fragment: { offset, more: offset === 0 } }, datagram.slice(offset, end)),
      101,
    )
  const first = part(0, datagram.length - 3)
  expect(decodeInside(first)).toBe(true)
  const version = tunnel === 'teredo' ? 6 : 4
  const ipBytes = version === 6 ? 65 : 45
  expect(summaryOf(first)).toEqual({ ...WHOLE, version, ipBytes, payload: 'he' })
  expect(first.tunnel).toBe(tunnel)
  expect(decodeInside(part(8, datagram.length))).toBe(false)
})

test('of the fragments that CAPWAP itself makes the first is entered', () => {
  const part = (header: string, inner: Uint8Array) =>
    read(ipv4({ protocol: 17 }, udp({ to: 5247 }, bytesOf(hex(header), inner))), 101)
  const first = part('00100280 00070000', FRAME.slice(0, -3))
  expect(decodeInside(first)).toBe(true)
  expect(summaryOf(first)).toEqual({ ...WHOLE, payload: 'he' })
  // Bits beside the offset are reserved.
  expect(decodeInside(part('00100280 00070007', FRAME))).toBe(true)
  for (const later of ['00100280 00070008', '00100280 00070100', '001002c0 00070008']) {
    expect(decodeInside(part(later, FRAME))).toBe(false)
  }
})

test('the first fragment of Teredo does not reach beyond its datagram', () => {
  const longer = TEREDO_SIX.slice()
  longer[5]! += 1
  const fragment = { offset: 0, more: true }
  const packet = ipv4({ protocol: 17, fragment }, udp({ to: 3544 }, longer))
  expect(decodeInside(read(packet, 101))).toBe(false)
})

test('ends on frames that nest without end', () => {
  let packet = PACKET
  for (let depth = 0; depth < 60; depth++) packet = ipv4({ protocol: 4 }, packet)
  expect(read(packet, 101).kind).toBe(KIND.none)
})

test('never reaches outside the frame, whatever it says', () => {
  const links = [
    0, 1, 9, 12, 101, 104, 105, 107, 108, 113, 127, 178, 192, 226, 228, 239, 242, 258, 276, 282,
    284, 285,
  ]
  const frames = [
    FRAME,
    inVlan(1, 2),
    bytesOf(hex('02000000'), SIX),
    cooked(0x0800, PACKET),
    gre(0x6558, FRAME),
    ethernet({ etherType: 0x894f }, bytesOf(hex('0fc20103 00030907'), FRAME)),
    ethernet({ etherType: 0x22f3 }, bytesOf(hex('0045 0001 0002 00000000'), FRAME)),
    ethernet({ etherType: 0x88e7 }, bytesOf(hex('00002710'), FRAME)),
  ]
  const changes = fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 })
  const anyFrame = fc.oneof(
    fc.uint8Array({ maxLength: 120 }),
    fc.tuple(fc.constantFrom(...frames), changes).map(([frame, places]) => {
      const copy = frame.slice()
      for (const [at, value] of places) copy[at % copy.length] = value
      return copy
    }),
  )
  fc.assert(
    fc.property(anyFrame, fc.constantFrom(...links), fc.nat(100), (frame, linkType, missing) => {
      const p = read(frame, linkType, frame.length + missing)
      for (let depth = 0; depth < 3; depth++) {
        expect(p.payload).toBeGreaterThanOrEqual(7)
        expect(p.payload).toBeLessThanOrEqual(p.payloadEnd)
        expect(p.payloadEnd).toBeLessThanOrEqual(7 + frame.length)
        expect(p.ipBytes).toBeGreaterThanOrEqual(0)
        if (p.kind !== KIND.flow || !decodeInside(p)) break
      }
    }),
    { numRuns: 2000 },
  )
})
