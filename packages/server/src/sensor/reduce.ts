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

/** Facts for which there is room at first. */
const FIRST_FACTS = 512
/** Words of a fact: subject, field, value, count. */
const WORDS = 4
/** Doubles of a fact: first, last, frame, flow. */
const DOUBLES = 4

/** Facts in columns of numbers: a capture may tell hundreds of thousands, and an object for each would weigh six times as much. */
class FactColumns {
  words = new Int32Array(FIRST_FACTS * WORDS)
  doubles = new Float64Array(FIRST_FACTS * DOUBLES)
  size = 0
  readonly texts: string[] = []
  readonly subjects: ObservedFact['subject'][] = []
  readonly origin: Origin

  constructor(origin: Origin) {
    this.origin = origin
  }

  push(
    subject: number,
    field: number,
    value: number,
    time: number,
    frame: number,
    flow: number,
  ): number {
    if ((this.size + 1) * WORDS > this.words.length) this.#grow()
    const place = this.size++
    this.words[place * WORDS] = subject
    this.words[place * WORDS + 1] = field
    this.words[place * WORDS + 2] = value
    this.words[place * WORDS + 3] = 1
    this.doubles[place * DOUBLES] = time
    this.doubles[place * DOUBLES + 1] = time
    this.doubles[place * DOUBLES + 2] = frame
    this.doubles[place * DOUBLES + 3] = flow
    return place
  }

  repeat(place: number, time: number): void {
    const { doubles } = this
    this.words[place * WORDS + 3]!++
    const at = place * DOUBLES
    if (time > doubles[at + 1]!) doubles[at + 1] = time
    if (time < doubles[at]!) doubles[at] = time
  }

  #grow(): void {
    const { words, doubles } = this
    this.words = new Int32Array(words.length * 2)
    this.words.set(words)
    this.doubles = new Float64Array(doubles.length * 2)
    this.doubles.set(doubles)
  }
}

/** A fact that is read from its columns. */
class ColumnFact implements ObservedFact {
  readonly #columns: FactColumns
  readonly #place: number

  constructor(columns: FactColumns, place: number) {
    this.#columns = columns
    this.#place = place
  }

  get subject() {
    return this.#columns.subjects[this.#columns.words[this.#place * WORDS]!]!
  }

  get field() {
    return this.#columns.texts[this.#columns.words[this.#place * WORDS + 1]!]!
  }

  get value() {
    return this.#columns.texts[this.#columns.words[this.#place * WORDS + 2]!]!
  }

  get sensor() {
    return this.#columns.origin.sensor
  }

  get first() {
    return this.#columns.doubles[this.#place * DOUBLES]!
  }

  get last() {
    return this.#columns.doubles[this.#place * DOUBLES + 1]!
  }

  get count() {
    return this.#columns.words[this.#place * WORDS + 3]!
  }

  get evidence() {
    const { doubles, origin } = this.#columns
    const at = this.#place * DOUBLES
    return evidenceOf(origin.file, doubles[at + 2]!, doubles[at + 3]!)
  }
}

/**
 * Reduces observations at the edge: each distinct (subject, field, value) is one fact with first, last and count.
 * `take` hands over what is new or changed since the last `take`; its counts are those since then.
 */
export class FactReducer {
  readonly #origin: Origin
  #columns: FactColumns
  #texts = new Map<string, number>()
  /** Numbers of subjects, by MAC and then by address. */
  #subjects = new Map<string, Map<string, number>>()
  /** Places of facts + 1, in open addressing by subject, field and value. */
  #index = new Int32Array(FIRST_FACTS * 2)
  /** Facts mostly come several of one subject in a row. */
  #mac: string | undefined = undefined
  #ip: string | undefined = undefined
  #subject = -1

  constructor(origin: Origin) {
    this.#origin = origin
    this.#columns = new FactColumns(origin)
  }

  get size(): number {
    return this.#columns.size
  }

  add({ time, mac: sender, ip, isRouted, field, value, flow, frame }: Observation): void {
    // What crossed a router carries its MAC, not that of the subject.
    const mac = isRouted === true && ip !== undefined ? undefined : sender
    const subject = this.#subjectOf(mac, ip)
    this.#enter(subject, this.#numberOf(field), this.#numberOf(value), time / 1000, frame, flow)
  }

  /** The facts lie where they were gathered, and are read from there. */
  take(): ObservedFact[] {
    const columns = this.#columns
    this.#columns = new FactColumns(this.#origin)
    this.#texts = new Map()
    this.#subjects = new Map()
    this.#subject = -1
    this.#index = new Int32Array(FIRST_FACTS * 2)
    return Array.from({ length: columns.size }, (_, place) => new ColumnFact(columns, place))
  }

  #subjectOf(mac: string | undefined, ip: string | undefined): number {
    if (this.#subject >= 0 && mac === this.#mac && ip === this.#ip) return this.#subject
    let byIp = this.#subjects.get(mac ?? '')
    if (byIp === undefined) this.#subjects.set(mac ?? '', (byIp = new Map()))
    let subject = byIp.get(ip ?? '')
    if (subject === undefined) {
      subject = this.#columns.subjects.push(namesOf(mac, ip)) - 1
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
    const number = this.#columns.texts.push(text) - 1
    this.#texts.set(text, number)
    return number
  }

  /** Counts the fact, or adds it when it is new. */
  #enter(
    subject: number,
    field: number,
    value: number,
    time: number,
    frame: number,
    flow: number,
  ): void {
    const index = this.#index
    const columns = this.#columns
    const { words } = columns
    const mask = index.length - 1
    for (let slot = hashOf(subject, field, value) & mask; ; slot = (slot + 1) & mask) {
      const place = index[slot]! - 1
      if (place < 0) {
        index[slot] = columns.push(subject, field, value, time, frame, flow) + 1
        if (columns.size * 2 > index.length) this.#grow()
        return
      }
      const at = place * WORDS
      if (words[at] === subject && words[at + 1] === field && words[at + 2] === value) {
        columns.repeat(place, time)
        return
      }
    }
  }

  #grow(): void {
    const index = new Int32Array(this.#index.length * 2)
    const mask = index.length - 1
    const { words, size } = this.#columns
    for (let place = 0; place < size; place++) {
      const at = place * WORDS
      let slot = hashOf(words[at]!, words[at + 1]!, words[at + 2]!) & mask
      while (index[slot] !== 0) slot = (slot + 1) & mask
      index[slot] = place + 1
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
