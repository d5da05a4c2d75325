import { Cursor } from '@wardkeeper/dissect'
import { type Draft, newDraft } from './fields.ts'
import { type ExportedFlow, type NetflowCounters, newCounters } from './record.ts'
import { Sequence } from './sequence.ts'
import { readRecord, Templates } from './templates.ts'

const MOST_DOMAINS = 256
const V5_RECORD = 48
const V5_MOST_RECORDS = 30
const WRAP = 0x1_0000_0000

/** Clock of one datagram. Milliseconds since 1970, and of the exporter's uptime where it tells it. */
interface Clock {
  readonly exported: number
  readonly uptime: number | undefined
  /** When the exporter started. */
  readonly booted?: number | undefined
}

/** An observation domain (IPFIX), source id (v9) or engine (v5) of the exporter. */
class Domain {
  readonly templates = new Templates()
  readonly sequence = new Sequence()
  /** How many packets stand behind one, by sampler; 0 is the one without a number. */
  readonly sampling = new Map<number, number>()
  /** When the exporter started, where its options say so: milliseconds since 1970. */
  booted: number | undefined

  factorOf(sampler: number | undefined): number {
    const { sampling } = this
    if (sampler !== undefined && sampling.has(sampler)) return sampling.get(sampler)!
    if (sampling.size === 1) return [...sampling.values()][0]!
    return sampling.get(0) ?? 1
  }
}

/**
 * Reads the datagrams of one exporter: NetFlow v5, v9 (RFC 3954) and IPFIX (RFC 7011). Never throws for what is in
 * them. Keeps the templates and counts what is lost.
 */
export class NetflowDecoder {
  readonly counters: NetflowCounters = newCounters()
  readonly #domains = new Map<string, Domain>()
  readonly #take: (flow: ExportedFlow) => void

  constructor(take: (flow: ExportedFlow) => void) {
    this.#take = take
  }

  datagram(bytes: Uint8Array): void {
    this.counters.datagrams++
    const message = new Cursor(bytes)
    const version = message.u16()
    if (version === 5) this.#v5(message)
    else if (version === 9) this.#v9(message)
    else if (version === 10) this.#ipfix(message, bytes.length)
    else message.skip(bytes.length)
    if (!message.ok) this.counters.malformed++
  }

  #domain(version: number, id: number): Domain {
    const key = `${version}/${id}`
    const known = this.#domains.get(key)
    if (known !== undefined) return known
    const domain = new Domain()
    this.#domains.set(key, domain)
    if (this.#domains.size > MOST_DOMAINS) {
      this.#domains.delete(this.#domains.keys().next().value!)
    }
    return domain
  }

  /** NetFlow v5: a header of 24 bytes and up to 30 records of 48. */
  #v5(message: Cursor): void {
    const count = message.u16()
    const uptime = message.u32()
    const exported = message.u32() * 1000 + message.u32() / 1e6
    const number = message.u32()
    const engine = message.u16()
    const interval = message.u16() & 0x3fff
    if (count > V5_MOST_RECORDS || message.remaining < count * V5_RECORD) {
      return void message.skip(message.remaining + 1)
    }
    const domain = this.#domain(5, engine)
    domain.sequence.see(number, [count, count], this.counters)
    domain.sampling.set(0, Math.max(1, interval))
    for (let left = count; left > 0; left--) {
      this.#tell(v5Draft(message.take(V5_RECORD)), domain, { exported, uptime })
    }
  }

  /** RFC 3954 §5. */
  #v9(message: Cursor): void {
    message.skip(2)
    const uptime = message.u32()
    const exported = message.u32() * 1000
    const number = message.u32()
    const id = message.u32()
    if (!message.ok) return
    const domain = this.#domain(9, id)
    domain.sequence.see(number, [1, 1], this.counters)
    for (const { id: kind, set } of setsOf(message)) {
      if (kind === 0) domain.templates.readV9(set, this.counters)
      else if (kind === 1) domain.templates.readV9Options(set, this.counters)
      else if (kind >= 256) this.#data(kind, set, domain, { exported, uptime })
    }
  }

  /** RFC 7011 §3.1. */
  #ipfix(message: Cursor, length: number): void {
    const told = message.u16()
    const exported = message.u32() * 1000
    const number = message.u32()
    const id = message.u32()
    if (!message.ok || told < 16 || told > length) return void message.skip(length)
    const domain = this.#domain(10, id)
    const sets = message.take(told - 16)
    const before = { ...this.counters }
    let [all, flows] = [0, 0]
    for (const { id: kind, set } of setsOf(sets)) {
      if (kind === 2) domain.templates.readIpfix(set, this.counters)
      else if (kind === 3) domain.templates.readIpfixOptions(set, this.counters)
      if (kind < 256) continue
      const count = this.#data(kind, set, domain, { exported, uptime: undefined })
      all += count
      if (domain.templates.get(kind)?.isOptions === false) flows += count
    }
    if (!sets.ok) message.skip(length)
    // The number counts data records: where some could not be told apart, the next one is not known.
    const isKnown = sets.ok && this.counters.setsWithoutTemplate === before.setsWithoutTemplate
    domain.sequence.see(number, isKnown ? [all, flows] : undefined, this.counters)
  }

  /** A data set; answers with the number of its records. */
  #data(id: number, set: Cursor, domain: Domain, clock: Clock): number {
    const template = domain.templates.get(id)
    if (template === undefined) {
      this.counters.setsWithoutTemplate++
      return 0
    }
    let count = 0
    while (set.remaining >= template.shortest) {
      const draft = readRecord(set, template)
      if (!set.ok) break
      count++
      if (template.isOptions) learnOptions(draft, domain)
      else this.#tell(draft, domain, clock)
    }
    return count
  }

  #tell(draft: Draft, domain: Domain, clock: Clock): void {
    const { source, destination } = draft
    this.counters.records++
    if (source === undefined || destination === undefined) {
      this.counters.recordsWithoutAddress++
      return
    }
    const factor = draft.samplingInterval ?? domain.factorOf(draft.sampler)
    if (factor > 1) this.counters.sampledRecords++
    const { sourceMac, destinationMac, vlans, isBiflow, protocol } = draft
    const isIcmp = protocol === 1 || protocol === 58
    const icmp = draft.icmp ?? draft.destinationPort
    this.#take({
      ...timesOf(draft, { ...clock, booted: draft.booted ?? domain.booted }),
      source,
      destination,
      sourcePort: isIcmp ? icmp >>> 8 : draft.sourcePort,
      destinationPort: isIcmp ? icmp & 0xff : draft.destinationPort,
      protocol,
      packets: [draft.packets[0] * factor, draft.packets[1] * factor],
      bytes: [draft.bytes[0] * factor, draft.bytes[1] * factor],
      sourceMac,
      destinationMac,
      vlans,
      isBiflow,
      isSampled: factor > 1,
    })
  }
}

function* setsOf(message: Cursor): Generator<{ id: number; set: Cursor }> {
  while (message.remaining >= 4) {
    const id = message.u16()
    const length = message.u16()
    // A set that is shorter than its own header would never end.
    if (length < 4) return void message.skip(message.remaining + 1)
    const set = message.take(length - 4)
    if (!set.ok) return
    yield { id, set }
  }
}

function learnOptions(draft: Draft, domain: Domain): void {
  const { sampling } = domain
  domain.booted = draft.booted ?? domain.booted
  const { samplingInterval, samplingSpace, samplingSize, samplingPopulation, sampler } = draft
  const factor =
    samplingPopulation !== undefined && samplingSize !== undefined
      ? samplingPopulation / Math.max(1, samplingSize)
      : samplingInterval === undefined
        ? undefined
        : samplingSpace === undefined
          ? samplingInterval
          : (samplingInterval + samplingSpace) / Math.max(1, samplingInterval)
  if (factor === undefined || sampling.size > MOST_DOMAINS) return
  sampling.set(sampler ?? 0, Math.max(1, factor))
}

/** Microseconds since 1970. What a record does not tell is taken to be the time of its export. */
function timesOf(draft: Draft, clock: Clock): { start: number; end: number } {
  const exported = clock.exported * 1000
  const first = uptimeMicros(draft.firstUptime, clock)
  const last = uptimeMicros(draft.lastUptime, clock)
  const delta = (micros: number | undefined) =>
    micros === undefined ? undefined : exported - micros
  const end = draft.end ?? delta(draft.endDelta) ?? last ?? exported
  const start = draft.start ?? delta(draft.startDelta) ?? first ?? end
  return { start: Math.min(start, end), end }
}

function uptimeMicros(uptime: number | undefined, clock: Clock): number | undefined {
  if (uptime === undefined) return undefined
  if (clock.uptime === undefined) {
    return clock.booted === undefined ? undefined : (clock.booted + uptime) * 1000
  }
  // The uptime counts 49.7 days and begins anew: a flow does not end after its export.
  const back = clock.uptime - uptime
  return (clock.exported - (back < -WRAP / 2 ? back + WRAP : back)) * 1000
}

function v5Draft(record: Cursor): Draft {
  const address = () => record.view(4).join('.')
  const source = address()
  const destination = address()
  record.skip(8)
  const packets = record.u32()
  const bytes = record.u32()
  const firstUptime = record.u32()
  const lastUptime = record.u32()
  const sourcePort = record.u16()
  const destinationPort = record.u16()
  const protocol = record.skip(2).u8()
  return {
    ...newDraft(),
    source,
    destination,
    sourcePort,
    destinationPort,
    protocol,
    packets: [packets, 0],
    bytes: [bytes, 0],
    firstUptime,
    lastUptime,
  }
}
