import { join } from 'node:path'
import type { Claim } from '@wardkeeper/core'
import type { FlowRecord, Observation } from '@wardkeeper/dissect'
import { makeFolder } from '../store/folders.ts'
import type { AnalyzedAsset } from './analyze.ts'
import { isoSecond, LineWriter } from './line-writer.ts'

/** The three JSON Lines files of `analyze --out`; their shape is a public contract (docs/operate/analyze.md). */
export interface Output {
  readonly flows: LineWriter
  readonly observations: LineWriter
  writeAsset(asset: AnalyzedAsset): void
  close(): void
}

/** Makes the folder where it is missing and opens the files. Throws the system's error (no space, not writable). */
export function openOutput(folder: string): Output {
  makeFolder(folder)
  const flows = new LineWriter(join(folder, 'flows.jsonl'))
  const observations = new LineWriter(join(folder, 'observations.jsonl'))
  const assets = new LineWriter(join(folder, 'assets.jsonl'))
  return {
    flows,
    observations,
    writeAsset: (asset) => writeAsset(assets, asset),
    close() {
      for (const file of [flows, observations, assets]) file.close()
    },
  }
}

/** `firstFlow` numbers flows on over several captures. */
export function writeFlow(
  out: LineWriter,
  flow: FlowRecord,
  sensor: string,
  firstFlow: number,
): void {
  const { client, server, packets, bytes, protocol, confidence, also, vlan } = flow
  out.raw('{"id":').number(firstFlow + flow.id)
  out.raw(',"start":').time(flow.start)
  out.raw(',"end":').time(flow.end)
  out.raw(',"sensor":').string(sensor)
  if (vlan.length === 0) out.raw(',"vlan":[]')
  else out.raw(`,"vlan":[${vlan.join(',')}]`)
  out.raw(',"transport":"').raw(flow.transport)
  out.raw('","client":')
  writeEnd(out, client)
  out.raw(',"server":')
  writeEnd(out, server)
  out.raw(',"protocol":').stringOrNull(protocol)
  out.raw(',"confidence":').stringOrNull(confidence)
  if (also.length === 0) out.raw(',"also":[]')
  else out.raw(',"also":').text(JSON.stringify(also))
  out.raw(',"packets":[').number(packets[0]).raw(',').number(packets[1])
  out.raw('],"bytes":[').number(bytes[0]).raw(',').number(bytes[1]).raw(']}')
  out.end()
}

function writeEnd(out: LineWriter, { ip, port, mac }: FlowRecord['client']): void {
  out.raw('{"ip":').string(ip).raw(',"port":').number(port)
  out.raw(',"mac":').stringOrNull(mac).raw('}')
}

export function writeObservation(
  out: LineWriter,
  { time, mac, ip, field, value, flow, frame }: Observation,
  sensor: string,
  firstFlow: number,
): void {
  out.raw('{"time":').time(time)
  out.raw(',"sensor":').string(sensor)
  out.raw(',"subject":{"mac":').stringOrNull(mac)
  out.raw(',"ip":').stringOrNull(ip)
  out.raw('},"field":').string(field)
  out.raw(',"value":').string(value)
  if (flow > 0) out.raw(',"flow":').number(firstFlow + flow)
  else out.raw(',"flow":null')
  out.raw(',"frame":').number(frame).raw('}')
  out.end()
}

function writeAsset(out: LineWriter, { id, macs, ips, names, claims }: AnalyzedAsset): void {
  const byAttribute = Object.fromEntries(claims.map((claim) => [claim.attribute, claimOf(claim)]))
  out.text(JSON.stringify({ id, macs, ips, names, claims: byAttribute })).end()
}

function claimOf({ value, confidence, rule, evidence, against }: Claim) {
  const plain = (items: Claim['evidence']) =>
    items.map((item) => ({ ...item, time: isoTime(item.time), weight: round(item.weight) }))
  return {
    value,
    confidence: round(confidence),
    rule,
    evidence: plain(evidence),
    against: plain(against),
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** ISO 8601 in UTC with microseconds, from milliseconds since 1970. */
function isoTime(milliseconds: number): string {
  const micros = milliseconds * 1000
  const second = Math.floor(micros / 1e6)
  return `${isoSecond(second)}.${String(Math.floor(micros - second * 1e6)).padStart(6, '0')}Z`
}
