import type { FlowSummary, ObservedFact } from '@wardkeeper/core'
import type { FlowRecord, Observation } from '@wardkeeper/dissect'

const HOUR = 3_600_000

/** Where the frames come from, as evidence names it. */
export interface Origin {
  readonly sensor: string
  readonly siteId: string
  /** Capture file; undefined for a live interface. */
  readonly file: string | undefined
}

type Growing<T> = { -readonly [Key in keyof T]: T[Key] }

/** A MAC and an address that facts were told of, with their place among all such pairs. */
interface Subject {
  readonly number: number
  readonly names: ObservedFact['subject']
}

/** Words of one entry of the index: subject, field, value, place of the fact + 1. */
const ENTRY = 4
const FIRST_ENTRIES = 1024

/**
 * Reduces observations at the edge: each distinct (subject, field, value) is one fact with first, last and count.
 * `take` hands over what is new or changed since the last `take`; its counts are those since then.
 */
export class FactReducer {
  readonly #origin: Origin
  #facts: Growing<ObservedFact>[] = []
  #texts = new Map<string, number>()
  #subjects = new Map<string, Map<string, Subject>>()
  #index = new Int32Array(FIRST_ENTRIES * ENTRY)
  /** Facts mostly come several of one subject in a row. */
  #mac: string | undefined = undefined
  #ip: string | undefined = undefined
  #subject: Subject | undefined = undefined

  constructor(origin: Origin) {
    this.#origin = origin
  }

  get size(): number {
    return this.#facts.length
  }

  add({ time, mac: sender, ip, isRouted, field, value, flow, frame }: Observation): void {
    // What crossed a router carries its MAC, not that of the subject.
    const mac = isRouted === true && ip !== undefined ? undefined : sender
    const milliseconds = time / 1000
    const subject = this.#subjectOf(mac, ip)
    const place = this.#placeOf(subject.number, this.#numberOf(field), this.#numberOf(value))
    const known = this.#facts[place]
    if (known !== undefined) {
      known.count++
      if (milliseconds > known.last) known.last = milliseconds
      if (milliseconds < known.first) known.first = milliseconds
      return
    }
    this.#facts.push({
      subject: subject.names,
      field,
      value,
      sensor: this.#origin.sensor,
      first: milliseconds,
      last: milliseconds,
      count: 1,
      evidence: evidenceOf(this.#origin.file, frame, flow),
    })
  }

  take(): ObservedFact[] {
    const facts = this.#facts
    this.#facts = []
    this.#texts = new Map()
    this.#subjects = new Map()
    this.#subject = undefined
    if (this.#index.length > FIRST_ENTRIES * ENTRY) {
      this.#index = new Int32Array(FIRST_ENTRIES * ENTRY)
    } else this.#index.fill(0)
    return facts
  }

  #subjectOf(mac: string | undefined, ip: string | undefined): Subject {
    if (this.#subject !== undefined && mac === this.#mac && ip === this.#ip) return this.#subject
    let byIp = this.#subjects.get(mac ?? '')
    if (byIp === undefined) this.#subjects.set(mac ?? '', (byIp = new Map()))
    let subject = byIp.get(ip ?? '')
    if (subject === undefined) {
      subject = { number: this.#numberOf(`${mac ?? ''} ${ip ?? ''}`), names: namesOf(mac, ip) }
      byIp.set(ip ?? '', subject)
    }
    this.#mac = mac
    this.#ip = ip
    this.#subject = subject
    return subject
  }

  /** A number that stands for the text until the next `take`. */
  #numberOf(text: string): number {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    const number = this.#texts.size + 1
    this.#texts.set(text, number)
    return number
  }

  /** Place of this fact; that behind the last one when it is new. */
  #placeOf(subject: number, field: number, value: number): number {
    const index = this.#index
    const mask = index.length / ENTRY - 1
    for (let slot = hashOf(subject, field, value) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * ENTRY
      const place = index[at + 3]!
      if (place === 0) return this.#enter(at, subject, field, value)
      if (index[at] === subject && index[at + 1] === field && index[at + 2] === value) {
        return place - 1
      }
    }
  }

  #enter(at: number, subject: number, field: number, value: number): number {
    const place = this.#facts.length
    this.#index[at] = subject
    this.#index[at + 1] = field
    this.#index[at + 2] = value
    this.#index[at + 3] = place + 1
    if ((place + 1) * ENTRY * 2 > this.#index.length) this.#grow()
    return place
  }

  #grow(): void {
    const old = this.#index
    const index = new Int32Array(old.length * 2)
    const mask = index.length / ENTRY - 1
    for (let from = 0; from < old.length; from += ENTRY) {
      if (old[from + 3] === 0) continue
      let slot = hashOf(old[from]!, old[from + 1]!, old[from + 2]!) & mask
      while (index[slot * ENTRY + 3] !== 0) slot = (slot + 1) & mask
      for (let word = 0; word < ENTRY; word++) index[slot * ENTRY + word] = old[from + word]!
    }
    this.#index = index
  }
}

function hashOf(subject: number, field: number, value: number): number {
  const mixed = Math.imul(subject ^ Math.imul(value ^ Math.imul(field, 31), 0x9e3779b1), 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}

function namesOf(mac: string | undefined, ip: string | undefined): ObservedFact['subject'] {
  if (mac === undefined) return ip === undefined ? {} : { ip }
  return ip === undefined ? { mac } : { mac, ip }
}

function evidenceOf(
  file: string | undefined,
  frame: number,
  flow: number,
): ObservedFact['evidence'] {
  if (file === undefined) return flow > 0 ? { frame, flow } : { frame }
  return flow > 0 ? { file, frame, flow } : { file, frame }
}

/** Reduces flows to one summary for each client, service and hour. `take` hands over and forgets. */
export class FlowReducer {
  readonly #origin: Origin
  #pending = new Map<string, Growing<FlowSummary>>()

  constructor(origin: Origin) {
    this.#origin = origin
  }

  get size(): number {
    return this.#pending.size
  }

  add(flow: FlowRecord): void {
    const start = flow.start / 1000
    const hour = Math.floor(start / HOUR) * HOUR
    const { client, server, transport, protocol } = flow
    // Ports of ICMP are types and codes, and a reply's ephemeral port says nothing: only the service counts.
    const key = `${hour} ${client.mac} ${client.ip} ${server.mac} ${server.ip} ${transport} ${server.port} ${protocol}`
    const known = this.#pending.get(key)
    if (known === undefined) this.#pending.set(key, this.#summarize(flow, hour))
    else grow(known, flow)
  }

  take(): FlowSummary[] {
    const flows = [...this.#pending.values()]
    this.#pending = new Map()
    return flows
  }

  #summarize(flow: FlowRecord, hour: number): FlowSummary {
    const { sensor, siteId, file } = this.#origin
    const { client, server, transport, protocol, start, end, packets, bytes, id } = flow
    return {
      siteId,
      sensor,
      hour,
      client: endOf(client),
      server: endOf(server),
      transport,
      port: server.port,
      protocol,
      first: start / 1000,
      last: end / 1000,
      sessions: 1,
      packets: [packets[0], packets[1]],
      bytes: [bytes[0], bytes[1]],
      evidence: { ...(file === undefined ? {} : { file }), flow: id },
    }
  }
}

function endOf(end: FlowRecord['client']): FlowSummary['client'] {
  return end.mac === undefined ? { ip: end.ip } : { ip: end.ip, mac: end.mac }
}

function grow(known: Growing<FlowSummary>, flow: FlowRecord): void {
  known.sessions++
  known.first = Math.min(known.first, flow.start / 1000)
  known.last = Math.max(known.last, flow.end / 1000)
  known.packets = [known.packets[0] + flow.packets[0], known.packets[1] + flow.packets[1]]
  known.bytes = [known.bytes[0] + flow.bytes[0], known.bytes[1] + flow.bytes[1]]
}
