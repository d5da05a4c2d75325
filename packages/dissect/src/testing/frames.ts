/** What a frame is put together from: text becomes its Latin-1 bytes, a number one byte. */
export type Part = string | number | Uint8Array | readonly number[]

/** All parts one after the other. */
export function bytesOf(...parts: readonly Part[]): Uint8Array {
  const values: number[] = []
  for (const part of parts) {
    if (typeof part === 'number') values.push(part & 0xff)
    else if (typeof part === 'string') {
      for (let at = 0; at < part.length; at++) values.push(part.charCodeAt(at) & 0xff)
    } else for (const byte of part) values.push(byte)
  }
  return Uint8Array.from(values)
}

/** Bytes of hexadecimal text; white space is for the reader. */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/[^0-9a-f]/gi, '')
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}

/** Big-endian 16 bits. */
export const be16 = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff]
/** Big-endian 32 bits. */
export const be32 = (value: number): number[] => [...be16(value >>> 16), ...be16(value)]
/** Little-endian 16 bits. */
export const le16 = (value: number): number[] => be16(value).reverse()
/** Little-endian 32 bits. */
export const le32 = (value: number): number[] => be32(value).reverse()

/** Bytes of a MAC or IP address in text. */
export function address(text: string): number[] {
  if (/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) return [...hex(text)]
  if (text.includes('.')) return text.split('.').map(Number)
  const [head = '', tail] = text.split('::')
  const words = (part: string) => (part === '' ? [] : part.split(':')).map((w) => parseInt(w, 16))
  const before = words(head)
  const after = tail === undefined ? [] : words(tail)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0)
  return [...before, ...zeros, ...after].flatMap(be16)
}

/** An end of a conversation as the builders name it. */
export interface End {
  readonly mac: string
  readonly ip: string
  readonly port: number
}

/** A client and a server to talk with, unless a test says otherwise. */
export const CLIENT: End = { mac: '02:00:00:00:00:01', ip: '10.0.0.1', port: 50_000 }
export const SERVER: End = { mac: '02:00:00:00:00:02', ip: '10.0.0.2', port: 80 }

export interface EthernetHeader {
  readonly source?: string
  readonly destination?: string
  readonly etherType: number
  /** VLAN ids, outermost first; all but the innermost are 802.1ad. */
  readonly vlan?: readonly number[]
}

/** An Ethernet II frame without its check sequence (IEEE 802.3, 802.1Q). */
export function ethernet(header: EthernetHeader, payload: Uint8Array): Uint8Array {
  const vlan = header.vlan ?? []
  const tags = vlan.flatMap((id, at) => [
    ...be16(at < vlan.length - 1 ? 0x88a8 : 0x8100),
    ...be16(id),
  ])
  return bytesOf(
    address(header.destination ?? SERVER.mac),
    address(header.source ?? CLIENT.mac),
    tags,
    be16(header.etherType),
    payload,
  )
}

export interface IpHeader {
  readonly source?: string
  readonly destination?: string
  readonly protocol: number
  readonly ttl?: number
  readonly id?: number
  /** Fragment offset in bytes and whether more follow. */
  readonly fragment?: { readonly offset: number; readonly more: boolean }
  readonly options?: Uint8Array
}

/** An IPv4 packet; the header checksum is left zero (RFC 791). */
export function ipv4(header: IpHeader, payload: Uint8Array): Uint8Array {
  const options = header.options ?? new Uint8Array(0)
  const fragment = header.fragment
  const flags = ((fragment?.more ? 1 : 0) << 13) | ((fragment?.offset ?? 0) >>> 3)
  return bytesOf(
    0x45 + options.length / 4,
    0,
    be16(20 + options.length + payload.length),
    be16(header.id ?? 1),
    be16(flags),
    header.ttl ?? 64,
    header.protocol,
    be16(0),
    address(header.source ?? CLIENT.ip),
    address(header.destination ?? SERVER.ip),
    options,
    payload,
  )
}

/** An IPv6 packet (RFC 8200). */
export function ipv6(header: IpHeader, payload: Uint8Array): Uint8Array {
  return bytesOf(
    0x60,
    [0, 0, 0],
    be16(payload.length),
    header.protocol,
    header.ttl ?? 64,
    address(header.source ?? 'fe80::1'),
    address(header.destination ?? 'fe80::2'),
    payload,
  )
}

export interface TcpHeader {
  readonly from?: number
  readonly to?: number
  readonly seq?: number
  readonly ack?: number
  /** Letters of the flags that are set, of `FSRPAUEC`. */
  readonly flags?: string
  readonly options?: Uint8Array
}

/** A TCP segment (RFC 9293). */
export function tcp(header: TcpHeader, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const options = header.options ?? new Uint8Array(0)
  let flags = 0
  for (const letter of header.flags ?? 'PA') flags |= 1 << 'FSRPAUEC'.indexOf(letter)
  return bytesOf(
    be16(header.from ?? CLIENT.port),
    be16(header.to ?? SERVER.port),
    be32(header.seq ?? 1),
    be32(header.ack ?? 1),
    ((20 + options.length) / 4) << 4,
    flags,
    be16(0xffff),
    be16(0),
    be16(0),
    options,
    payload,
  )
}

/** A UDP datagram (RFC 768). */
export function udp(
  header: { readonly from?: number; readonly to?: number },
  payload: Uint8Array,
): Uint8Array {
  return bytesOf(
    be16(header.from ?? CLIENT.port),
    be16(header.to ?? SERVER.port),
    be16(8 + payload.length),
    be16(0),
    payload,
  )
}

/** One message of a conversation: who says it, and its bytes. */
export type Said = readonly ['client' | 'server', Uint8Array | string]

interface Ends {
  readonly client?: Partial<End>
  readonly server?: Partial<End>
  readonly vlan?: readonly number[]
}

/** An Ethernet frame from one end to the other with this transport payload. */
export function frameBetween(
  from: End,
  to: End,
  protocol: number,
  payload: Uint8Array,
  vlan: readonly number[] = [],
): Uint8Array {
  const isV6 = from.ip.includes(':')
  const header = { source: from.ip, destination: to.ip, protocol }
  return ethernet(
    { source: from.mac, destination: to.mac, etherType: isV6 ? 0x86dd : 0x0800, vlan },
    isV6 ? ipv6(header, payload) : ipv4(header, payload),
  )
}

/** Frames of a UDP exchange, one datagram for each message. */
export function udpFrames(ends: Ends, said: readonly Said[]): Uint8Array[] {
  const client = { ...CLIENT, ...ends.client }
  const server = { ...SERVER, ...ends.server }
  return said.map(([who, message]) => {
    const [from, to] = who === 'client' ? [client, server] : [server, client]
    const datagram = udp({ from: from.port, to: to.port }, bytesOf(message))
    return frameBetween(from, to, 17, datagram, ends.vlan)
  })
}

/** Frames of a TCP conversation: handshake, one segment for each message, and both FINs. */
export function tcpFrames(ends: Ends, said: readonly Said[]): Uint8Array[] {
  const client = { ...CLIENT, ...ends.client }
  const server = { ...SERVER, ...ends.server }
  const next = { client: 1000, server: 9000 }
  const frames: Uint8Array[] = []
  const send = (who: 'client' | 'server', flags: string, message: Uint8Array) => {
    const [from, to] = who === 'client' ? [client, server] : [server, client]
    const ack = next[who === 'client' ? 'server' : 'client']
    const segment = tcp({ from: from.port, to: to.port, seq: next[who], ack, flags }, message)
    frames.push(frameBetween(from, to, 6, segment, ends.vlan))
    next[who] += message.length + (/[SF]/.test(flags) ? 1 : 0)
  }
  const nothing = new Uint8Array(0)
  send('client', 'S', nothing)
  send('server', 'SA', nothing)
  send('client', 'A', nothing)
  for (const [who, message] of said) send(who, 'PA', bytesOf(message))
  send('client', 'FA', nothing)
  send('server', 'FA', nothing)
  return frames
}
