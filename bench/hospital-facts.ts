import type { Knowledge, ObservedFact } from '../packages/core/src/index.ts'

/** What one simulated hospital is made of. */
export interface HospitalSize {
  readonly assets: number
  /** Distinct facts of each asset. */
  readonly perAsset: number
  /** Facts of one asset in a row, as a sensor hands them over after it has met the device. */
  readonly perVisit: number
  /** Facts in one message. */
  readonly perBatch: number
}

/** What one make of device says of itself. */
interface Make {
  readonly manufacturer: string
  readonly prefix: string
  readonly stated: readonly (readonly [field: string, value: string])[]
}

const START = Date.parse('2026-09-01T00:00:00Z')
const SENSORS = ['live:span0', 'live:span1', 'live:span2', 'capture:0123456789abcdef'] as const
const DAY = 86_400_000
/** Fields with one value for each peer: what fills an inventory once its devices are known. */
const TALK = ['dns.query', 'tls.sni', 'tls.contacts', 'http.host', 'http.contacts'] as const
const ONCE = ['tls.ja3', 'tls.ja4', 'tls.cipher', 'http.user-agent', 'ntp.reference-id'] as const
/** One fact in so many says what the device is. */
const STATED_EVERY = 20
const PREFIXES = [
  '00:09:fb',
  '00:40:7f',
  '00:1b:c5',
  '00:0e:8c',
  '00:80:f4',
  '00:17:88',
  '00:60:35',
  '3c:2a:f4',
  '00:1e:8f',
  '00:04:a3',
] as const

/** Makes of devices out of the examples of the fingerprints, so that the facts mean to the product what real ones do. */
export function makesOf({ fingerprints }: Knowledge): readonly Make[] {
  const stated = new Map<string, (readonly [string, string])[]>()
  for (const [field, entries] of fingerprints.fingerprints) {
    if (SHARED.has(field)) continue
    for (const { examples } of entries) {
      const [example] = examples
      const maker = example?.claims.manufacturer
      if (example === undefined || maker === undefined) continue
      const facts = stated.get(maker) ?? []
      // One value of each field: a device does not call itself two things.
      if (!facts.some(([known]) => known === field)) facts.push([field, example.value])
      stated.set(maker, facts)
    }
  }
  return [...stated].map(([manufacturer, facts], index) => ({
    manufacturer,
    prefix: PREFIXES[index % PREFIXES.length]!,
    stated: facts.slice(0, 6),
  }))
}

/** Files that several fields share are named like none of them. */
const SHARED = new Set([
  'cloud.name',
  'host.name',
  'product.name',
  'product.serial',
  'product.version',
  'system.description',
])

/** The facts of the whole hospital in batches: each device is met again and again, always in another order. */
export function* batchesOf(size: HospitalSize, makes: readonly Make[]): Generator<ObservedFact[]> {
  const visits = Math.ceil(size.perAsset / size.perVisit)
  let batch: ObservedFact[] = []
  for (let visit = 0; visit < visits; visit++) {
    for (let place = 0; place < size.assets; place++) {
      const asset = shuffled(place, size.assets, visit)
      const first = visit * size.perVisit
      const last = Math.min(first + size.perVisit, size.perAsset)
      for (let number = first; number < last; number++)
        batch.push(factOf(asset, number, visit, makes))
      if (batch.length < size.perBatch) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

/** A permutation that needs no memory: the step shares no divisor with the count. */
function shuffled(place: number, count: number, round: number): number {
  let step = Math.max(1, Math.floor(count * (0.382 + round * 0.017)))
  while (divisorOf(step, count) !== 1) step++
  return (place * step + round) % count
}

function divisorOf(a: number, b: number): number {
  return b === 0 ? a : divisorOf(b, a % b)
}

function factOf(asset: number, number: number, day: number, makes: readonly Make[]): ObservedFact {
  const make = makes[asset % makes.length]!
  const tail = hex(asset >>> 16) + ':' + hex(asset >>> 8) + ':' + hex(asset)
  const mac = `${make.prefix}:${tail}`
  const ip = `10.${asset >>> 16}.${(asset >>> 8) & 255}.${asset & 255}`
  const [field, value] = sayingOf(asset, number, make, ip)
  const time = START + day * DAY + (asset % 86_400) * 1000
  const frame = asset * 997 + number
  return {
    subject: { mac, ip },
    field,
    value,
    sensor: SENSORS[asset % SENSORS.length]!,
    first: time,
    last: time + number,
    count: 1 + (number % 7),
    evidence: { frame, flow: frame % 65_536 },
  }
}

function sayingOf(
  asset: number,
  number: number,
  { stated }: Make,
  ip: string,
): readonly [string, string] {
  if (number === 0) return ['ip.address', ip]
  if (number === 1) return ['dhcp.hostname', `dev-${asset.toString(36)}`]
  if (number === 2) return ['snmp.serial', `SN${String(asset).padStart(7, '0')}`]
  const once = ONCE[number - 3]
  if (once !== undefined) return [once, `${once.slice(4)} ${hex(asset * 7)}${hex(asset * 13)}`]
  // A device does not say all of itself when it is first met.
  const said = stated[(number - 3 - ONCE.length) / STATED_EVERY]
  if (said !== undefined) return said
  const field = TALK[number % TALK.length]!
  // Half of what is looked up is looked up by many.
  const peer = number % 2 === 0 ? number : asset * 331 + number
  return [field, `srv-${peer.toString(36)}.ward-${asset % 40}.example.org`]
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hex(number: number): string {
  return HEX[number & 255]!
}
