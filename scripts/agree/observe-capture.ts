import { CaptureReader, DISSECTORS, Engine } from '../../packages/dissect/src/index.ts'
import type { FlowRecord, Observation } from '../../packages/dissect/src/index.ts'
import {
  type CaptureSource,
  readChunks,
  UnreadableInput,
} from '../../packages/server/src/sensor/capture-source.ts'

/** A flow as our engine reports it, with the values of its observations by field. */
export interface OurFlow extends FlowRecord {
  readonly values: ReadonlyMap<string, readonly string[]>
}

/** What our engine makes of one capture. */
export interface OurCapture {
  readonly flows: readonly OurFlow[]
  /** Flows by `flowKey`, oldest first. */
  readonly byKey: ReadonlyMap<string, readonly OurFlow[]>
  /** Protocols of messages that belong to no flow (ARP, LLDP). */
  readonly linkProtocols: ReadonlySet<string>
}

/** One end of a conversation. The port is zero where the transport has none. */
export interface End {
  readonly ip: string
  readonly port: number
}

const PORTED = new Set(['tcp', 'udp', 'sctp'])

/** The same text for both directions of a conversation. */
export function flowKey(transport: string, one: End, other: End): string {
  const ends = [one, other].map(({ ip, port }) =>
    PORTED.has(transport) ? `${canonicalIp(ip)} ${port}` : canonicalIp(ip),
  )
  return `${transport} ${ends.sort().join(' ')}`
}

/** An address in one spelling, whatever program printed it (RFC 5952). */
export function canonicalIp(ip: string): string {
  if (!ip.includes(':')) return ip
  try {
    return new URL(`http://[${ip}]/`).hostname.slice(1, -1)
  } catch {
    return ip.toLowerCase()
  }
}

/** Reads a capture through all dissectors; with `onlyFrame` (from 1) that frame alone. */
export async function observeCapture(
  source: CaptureSource,
  onlyFrame?: number,
): Promise<OurCapture> {
  const observations: Observation[] = []
  const records: FlowRecord[] = []
  const engine = new Engine({
    dissectors: DISSECTORS,
    onObservation: (observation) => void observations.push(observation),
    onFlow: (flow) => void records.push(flow),
  })
  let number = 0
  const reader = new CaptureReader({
    frame(...frame) {
      if (onlyFrame === undefined || ++number === onlyFrame) engine.frame(...frame)
    },
  })
  try {
    for await (const { bytes } of readChunks(source)) {
      reader.push(bytes)
      if (reader.problem !== undefined) break
    }
  } catch (error) {
    // What was read before the damage counts.
    if (!(error instanceof UnreadableInput)) throw error
  }
  reader.end()
  engine.flush()
  return arrange(records, observations)
}

function arrange(records: readonly FlowRecord[], observations: readonly Observation[]): OurCapture {
  const valuesById = new Map<number, Map<string, string[]>>()
  const linkProtocols = new Set<string>()
  for (const { flow, field, value } of observations) {
    if (flow === 0) linkProtocols.add(field.slice(0, field.indexOf('.')))
    const values = valuesById.get(flow) ?? new Map<string, string[]>()
    valuesById.set(flow, values.set(field, [...(values.get(field) ?? []), value]))
  }
  const sorted = records.toSorted((one, other) => one.id - other.id)
  const flows = sorted.map((record) => ({
    ...record,
    values: valuesById.get(record.id) ?? new Map<string, string[]>(),
  }))
  const byKey = new Map<string, OurFlow[]>()
  for (const flow of flows) {
    const key = flowKey(flow.transport, flow.client, flow.server)
    byKey.set(key, [...(byKey.get(key) ?? []), flow])
  }
  return { flows, byKey, linkProtocols }
}

/** Every name that our engine gives a flow: transport, protocol and what it carries besides. */
export function namesOf(flow: FlowRecord): string[] {
  return [flow.transport, ...(flow.protocol === undefined ? [] : [flow.protocol]), ...flow.also]
}
