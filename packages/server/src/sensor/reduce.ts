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

/**
 * Reduces observations at the edge: each distinct (subject, field, value) is one fact with first, last and count.
 * `take` hands over what is new or changed since the last `take`; its counts are those since then.
 */
export class FactReducer {
  readonly #origin: Origin
  #pending = new Map<string, Growing<ObservedFact>>()

  constructor(origin: Origin) {
    this.#origin = origin
  }

  get size(): number {
    return this.#pending.size
  }

  add({ time, mac: sender, ip, isRouted, field, value, flow, frame }: Observation): void {
    // What crossed a router carries its MAC, not that of the subject.
    const mac = isRouted === true && ip !== undefined ? undefined : sender
    const milliseconds = time / 1000
    const key = `${mac ?? ''} ${ip ?? ''} ${field} ${value}`
    const known = this.#pending.get(key)
    if (known !== undefined) {
      known.count++
      if (milliseconds > known.last) known.last = milliseconds
      if (milliseconds < known.first) known.first = milliseconds
      return
    }
    const { sensor, file } = this.#origin
    this.#pending.set(key, {
      subject: { ...(mac === undefined ? {} : { mac }), ...(ip === undefined ? {} : { ip }) },
      field,
      value,
      sensor,
      first: milliseconds,
      last: milliseconds,
      count: 1,
      evidence: { ...(file === undefined ? {} : { file }), frame, ...(flow > 0 ? { flow } : {}) },
    })
  }

  take(): ObservedFact[] {
    const facts = [...this.#pending.values()]
    this.#pending = new Map()
    return facts
  }
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
