import { SocketAddress } from 'node:net'
import type { Cursor } from '@wardkeeper/dissect'
import { macOf } from '../text.ts'

/** What a data record says, before its times and counts are put together. */
export interface Draft {
  source: string | undefined
  destination: string | undefined
  sourcePort: number
  destinationPort: number
  icmp: number | undefined
  protocol: number
  packets: [number, number]
  bytes: [number, number]
  sourceMac: string | undefined
  destinationMac: string | undefined
  vlans: number[]
  isBiflow: boolean
  /** Milliseconds of the exporter's uptime. */
  firstUptime: number | undefined
  lastUptime: number | undefined
  /** Milliseconds since 1970 at which the exporter started. */
  booted: number | undefined
  /** Microseconds since 1970. */
  start: number | undefined
  end: number | undefined
  /** Microseconds before the export. */
  startDelta: number | undefined
  endDelta: number | undefined
  sampler: number | undefined
  samplingInterval: number | undefined
  samplingSpace: number | undefined
  samplingSize: number | undefined
  samplingPopulation: number | undefined
}

export function newDraft(): Draft {
  return {
    source: undefined,
    destination: undefined,
    sourcePort: 0,
    destinationPort: 0,
    icmp: undefined,
    protocol: 0,
    packets: [0, 0],
    bytes: [0, 0],
    sourceMac: undefined,
    destinationMac: undefined,
    vlans: [],
    isBiflow: false,
    firstUptime: undefined,
    lastUptime: undefined,
    booted: undefined,
    start: undefined,
    end: undefined,
    startDelta: undefined,
    endDelta: undefined,
    sampler: undefined,
    samplingInterval: undefined,
    samplingSpace: undefined,
    samplingSize: undefined,
    samplingPopulation: undefined,
  }
}

type Read = (draft: Draft, value: Cursor) => void

/** Private enterprise number under which the elements of the other direction stand (RFC 5103 §6.1). */
export const REVERSE = 29_305
const SECONDS_1900_TO_1970 = 2_208_988_800
const MOST_VLANS = 4

/** Information elements that are read (IANA IPFIX registry; NetFlow v9 uses the same numbers, RFC 3954 §8). */
const FIELDS: Readonly<Record<number, Read>> = {
  1: (draft, value) => void (draft.bytes[0] = unsigned(value)),
  2: (draft, value) => void (draft.packets[0] = unsigned(value)),
  4: (draft, value) => void (draft.protocol = unsigned(value)),
  7: (draft, value) => void (draft.sourcePort = unsigned(value)),
  8: (draft, value) => void (draft.source = address(value)),
  11: (draft, value) => void (draft.destinationPort = unsigned(value)),
  12: (draft, value) => void (draft.destination = address(value)),
  21: (draft, value) => void (draft.lastUptime = unsigned(value)),
  22: (draft, value) => void (draft.firstUptime = unsigned(value)),
  27: (draft, value) => void (draft.source ??= address(value)),
  28: (draft, value) => void (draft.destination ??= address(value)),
  32: (draft, value) => void (draft.icmp = unsigned(value)),
  34: (draft, value) => void (draft.samplingInterval = unsigned(value)),
  48: (draft, value) => void (draft.sampler = unsigned(value)),
  50: (draft, value) => void (draft.samplingInterval = unsigned(value)),
  56: (draft, value) => void (draft.sourceMac ??= hardware(value)),
  57: (draft, value) => void (draft.destinationMac ??= hardware(value)),
  58: addVlan,
  59: addVlan,
  80: (draft, value) => void (draft.destinationMac ??= hardware(value)),
  81: (draft, value) => void (draft.sourceMac ??= hardware(value)),
  85: (draft, value) => void (draft.bytes[0] ||= unsigned(value)),
  86: (draft, value) => void (draft.packets[0] ||= unsigned(value)),
  139: (draft, value) => void (draft.icmp = unsigned(value)),
  150: (draft, value) => void (draft.start = unsigned(value) * 1e6),
  151: (draft, value) => void (draft.end = unsigned(value) * 1e6),
  152: (draft, value) => void (draft.start = unsigned(value) * 1000),
  153: (draft, value) => void (draft.end = unsigned(value) * 1000),
  154: (draft, value) => void (draft.start = ntpMicros(value)),
  155: (draft, value) => void (draft.end = ntpMicros(value)),
  156: (draft, value) => void (draft.start = ntpMicros(value)),
  157: (draft, value) => void (draft.end = ntpMicros(value)),
  158: (draft, value) => void (draft.startDelta = unsigned(value)),
  159: (draft, value) => void (draft.endDelta = unsigned(value)),
  160: (draft, value) => void (draft.booted = unsigned(value)),
  176: (draft, value) => void (draft.icmp = (unsigned(value) << 8) | ((draft.icmp ?? 0) & 0xff)),
  177: (draft, value) => void (draft.icmp = ((draft.icmp ?? 0) & 0xff00) | unsigned(value)),
  178: (draft, value) => void (draft.icmp = (unsigned(value) << 8) | ((draft.icmp ?? 0) & 0xff)),
  179: (draft, value) => void (draft.icmp = ((draft.icmp ?? 0) & 0xff00) | unsigned(value)),
  243: addVlan,
  245: addVlan,
  302: (draft, value) => void (draft.sampler = unsigned(value)),
  305: (draft, value) => void (draft.samplingInterval = unsigned(value)),
  306: (draft, value) => void (draft.samplingSpace = unsigned(value)),
  309: (draft, value) => void (draft.samplingSize = unsigned(value)),
  310: (draft, value) => void (draft.samplingPopulation = unsigned(value)),
}

const REVERSE_FIELDS: Readonly<Record<number, Read>> = {
  1: (draft, value) => countBack(draft, draft.bytes, value),
  2: (draft, value) => countBack(draft, draft.packets, value),
  85: (draft, value) => countBack(draft, draft.bytes, value),
  86: (draft, value) => countBack(draft, draft.packets, value),
}

/** How a field is read; undefined for the many that say nothing of use here. */
export function readerOf(enterprise: number, element: number): Read | undefined {
  if (enterprise === 0) return FIELDS[element]
  return enterprise === REVERSE ? REVERSE_FIELDS[element] : undefined
}

function countBack(draft: Draft, pair: [number, number], value: Cursor): void {
  pair[1] = unsigned(value)
  draft.isBiflow = true
}

/** An unsigned number of one to eight bytes (RFC 7011 §6.1.1; encodings may be shortened, §6.2). */
function unsigned(value: Cursor): number {
  let number = 0
  for (let left = Math.min(value.remaining, 8); left > 0; left--) number = number * 256 + value.u8()
  return Number.isSafeInteger(number) ? number : 0
}

function address(value: Cursor): string | undefined {
  if (value.remaining === 4) return value.view(4).join('.')
  if (value.remaining !== 16) return undefined
  const groups: string[] = []
  while (value.remaining > 0) groups.push(value.u16().toString(16))
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address
}

function hardware(value: Cursor): string | undefined {
  if (value.remaining !== 6) return undefined
  return macOf(Array.from(value.view(6), (byte) => byte.toString(16).padStart(2, '0')).join(''))
}

function addVlan(draft: Draft, value: Cursor): void {
  const id = unsigned(value) & 0xfff
  const isNew = id > 0 && id < 4095 && !draft.vlans.includes(id)
  if (isNew && draft.vlans.length < MOST_VLANS) draft.vlans.push(id)
}

/** Seconds since 1900 and a fraction of 2^32 (RFC 7011 §6.1.9). */
function ntpMicros(value: Cursor): number | undefined {
  if (value.remaining !== 8) return undefined
  const seconds = value.u32() - SECONDS_1900_TO_1970
  return seconds * 1e6 + Math.floor((value.u32() / 0x1_0000_0000) * 1e6)
}
