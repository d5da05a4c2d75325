import type { AddressText } from './address-text.ts'
import { TRANSPORTS, type Transport } from './decode/packet.ts'
import { FlowTable, REAL, STATE, STRIDE, WORD } from './flow-table.ts'

/** One end of a flow. For ICMP the ports are the type and its counterpart (or the code). */
export interface FlowEnd {
  readonly ip: string
  readonly port: number
  /** MAC of the frames; behind a router it is the router's. */
  readonly mac: string | undefined
}

/** A flow that is over, or a slice of one that goes on. Times in microseconds since 1970, bytes at the IP layer. */
export interface FlowRecord {
  readonly id: number
  readonly start: number
  readonly end: number
  /** VLAN ids seen in either direction. */
  readonly vlan: readonly number[]
  readonly transport: Transport
  readonly client: FlowEnd
  readonly server: FlowEnd
  readonly protocol: string | undefined
  /** `content`: the bytes said so. `port`: only the port suggests it. */
  readonly confidence: 'content' | 'port' | undefined
  /** What the flow carries beside `protocol`. */
  readonly also: readonly string[]
  /** To the server, to the client. */
  readonly packets: readonly [number, number]
  readonly bytes: readonly [number, number]
}

const NONE: readonly never[] = []

/** Puts what the flow table holds of a flow into words. */
export function describeFlow(
  table: FlowTable,
  record: number,
  text: AddressText,
  protocol: string | undefined,
  confidence: FlowRecord['confidence'],
  also: readonly string[] = NONE,
): FlowRecord {
  const { words, reals } = table
  const at = record * STRIDE
  const real = at / 2
  const clientIsB = (words[at + WORD.state]! & STATE.clientIsB) !== 0
  const packetsA = words[at + WORD.packetsA]!
  const packetsB = words[at + WORD.packetsB]!
  const bytesA = reals[real + REAL.bytesA]!
  const bytesB = reals[real + REAL.bytesB]!
  return {
    id: reals[real + REAL.id]!,
    start: reals[real + REAL.start]!,
    end: reals[real + REAL.last]!,
    vlan: vlansOf(words, at),
    transport: TRANSPORTS[words[at + WORD.transport]!]!,
    client: endOf(words, at, clientIsB, text),
    server: endOf(words, at, !clientIsB, text),
    protocol,
    confidence,
    also,
    packets: clientIsB ? [packetsB, packetsA] : [packetsA, packetsB],
    bytes: clientIsB ? [bytesB, bytesA] : [bytesA, bytesB],
  }
}

function endOf(words: Int32Array, at: number, isB: boolean, text: AddressText): FlowEnd {
  return {
    ip: ipOf(words, at, isB, text),
    port: portOf(words, at, isB),
    mac: macOf(words, at, isB, text),
  }
}

/** Address of one end of the flow at `at`. */
export function ipOf(words: Int32Array, at: number, isB: boolean, text: AddressText): string {
  const from = at + (isB ? WORD.b : WORD.a)
  return text.ip(words[from]!, words[from + 1]!, words[from + 2]!, words[from + 3]!)
}

/** Port of one end of the flow at `at`. */
export function portOf(words: Int32Array, at: number, isB: boolean): number {
  const ports = words[at + WORD.ports]!
  return isB ? ports & 0xffff : ports >>> 16
}

/** MAC of one end of the flow at `at`, where frames told it. */
export function macOf(
  words: Int32Array,
  at: number,
  isB: boolean,
  text: AddressText,
): string | undefined {
  if ((words[at + WORD.state]! & (isB ? STATE.macB : STATE.macA)) === 0) return undefined
  const high = words[at + WORD.macHigh]!
  return isB
    ? text.mac(high & 0xffff, words[at + WORD.macB]!)
    : text.mac(high >>> 16, words[at + WORD.macA]!)
}

/** Notes the MAC of one end. */
export function setMac(words: Int32Array, at: number, isB: boolean, high: number, low: number) {
  const old = words[at + WORD.macHigh]!
  words[at + WORD.macHigh] = isB ? (old & ~0xffff) | high : (old & 0xffff) | (high << 16)
  words[at + (isB ? WORD.macB : WORD.macA)] = low
  words[at + WORD.state]! |= isB ? STATE.macB : STATE.macA
}

/** Notes a VLAN id; a flow remembers four. */
export function addVlan(words: Int32Array, at: number, id: number): void {
  for (let place = at + WORD.vlan01; place <= at + WORD.vlan23; place++) {
    const pair = words[place]!
    const first = pair & 0xffff
    if (first === id) return
    if (first === 0) {
      words[place] = id
      return
    }
    const second = pair >>> 16
    if (second === id) return
    if (second === 0) {
      words[place] = pair | (id << 16)
      return
    }
  }
}

function vlansOf(words: Int32Array, at: number): readonly number[] {
  const pair = words[at + WORD.vlan01]!
  if (pair === 0) return NONE
  const more = words[at + WORD.vlan23]!
  return [pair & 0xffff, pair >>> 16, more & 0xffff, more >>> 16].filter((id) => id !== 0)
}
