import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Claim } from '@wardkeeper/core'
import type { FlowRecord, Observation } from '@wardkeeper/dissect'
import type { AnalyzedAsset } from './analyze.ts'

const BUFFER_CHARACTERS = 1 << 18

/** Writes lines to a file in large pieces, whole lines only, so that what is on disk can always be read. */
class LineWriter {
  readonly #file: number
  #pending = ''

  constructor(path: string) {
    this.#file = openSync(path, 'w')
  }

  write(line: string): void {
    this.#pending += line
    if (this.#pending.length > BUFFER_CHARACTERS) this.flush()
  }

  flush(): void {
    let bytes: Uint8Array = Buffer.from(this.#pending)
    this.#pending = ''
    while (bytes.length > 0) bytes = bytes.subarray(writeSync(this.#file, bytes))
  }

  close(): void {
    this.flush()
    closeSync(this.#file)
  }
}

/** The three JSON Lines files of `analyze --out`; their shape is a public contract (docs/operate/analyze.md). */
export interface Output {
  readonly flows: { write(line: string): void }
  readonly observations: { write(line: string): void }
  finish(assets: readonly AnalyzedAsset[]): void
}

/** Makes the folder where it is missing and opens the files. Throws the system's error (no space, not writable). */
export function openOutput(folder: string): Output {
  mkdirSync(folder, { recursive: true })
  const flows = new LineWriter(join(folder, 'flows.jsonl'))
  const observations = new LineWriter(join(folder, 'observations.jsonl'))
  return {
    flows,
    observations,
    finish(found) {
      flows.close()
      observations.close()
      const assets = new LineWriter(join(folder, 'assets.jsonl'))
      for (const asset of found) assets.write(assetLine(asset))
      assets.close()
    },
  }
}

/** `firstFlow` numbers flows on over several captures. */
export function flowLine(flow: FlowRecord, sensor: string, firstFlow: number): string {
  // Written by hand where the text is known to be safe: this line is on the way of every flow.
  const { client, server, packets, bytes, protocol, confidence, also } = flow
  return `{"id":${firstFlow + flow.id},"start":"${isoTime(flow.start)}","end":"${isoTime(flow.end)}","sensor":${JSON.stringify(sensor)},"vlan":[${flow.vlan.join(',')}],"transport":"${flow.transport}","client":${end(client)},"server":${end(server)},"protocol":${protocol === undefined ? 'null' : `"${protocol}"`},"confidence":${confidence === undefined ? 'null' : `"${confidence}"`},"also":${JSON.stringify(also)},"packets":[${packets[0]},${packets[1]}],"bytes":[${bytes[0]},${bytes[1]}]}\n`
}

function end({ ip, port, mac }: FlowRecord['client']): string {
  return `{"ip":"${ip}","port":${port},"mac":${mac === undefined ? 'null' : `"${mac}"`}}`
}

export function observationLine(
  observation: Observation,
  sensor: string,
  firstFlow: number,
): string {
  const { time, mac, ip, field, value, flow, frame } = observation
  return `${JSON.stringify({
    time: isoTime(time),
    sensor,
    subject: { mac: mac ?? null, ip: ip ?? null },
    field,
    value,
    flow: flow > 0 ? firstFlow + flow : null,
    frame,
  })}\n`
}

function assetLine({ id, macs, ips, names, claims }: AnalyzedAsset): string {
  const byAttribute = Object.fromEntries(claims.map((claim) => [claim.attribute, claimOf(claim)]))
  return `${JSON.stringify({ id, macs, ips, names, claims: byAttribute })}\n`
}

function claimOf({ value, confidence, rule, evidence, against }: Claim) {
  const plain = (items: Claim['evidence']) =>
    items.map((item) => ({ ...item, time: isoTime(item.time * 1000), weight: round(item.weight) }))
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

let cachedSecond = Number.NaN
let cachedText = ''

/** ISO 8601 in UTC with microseconds, from microseconds since 1970. */
export function isoTime(micros: number): string {
  const second = Math.floor(micros / 1e6)
  if (second !== cachedSecond) {
    cachedSecond = second
    const date = new Date(second * 1000)
    // A damaged capture may carry a time that no calendar has.
    cachedText = (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString().slice(0, 19)
  }
  return `${cachedText}.${String(Math.floor(micros - second * 1e6)).padStart(6, '0')}Z`
}
