import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { CaptureSource } from '../../packages/server/src/sensor/capture-source.ts'
import { flowKey, observeCapture, type OurCapture } from './observe-capture.ts'
import type { LogFolder } from './pairs.ts'
import { readZeekLog, type ZeekLog, type ZeekRow } from './zeek-log.ts'

/** A log and the capture that it was made from, if it is there. */
export interface ZeekCase {
  readonly name: string
  readonly log: ZeekLog
  readonly found: { readonly capture: CaptureSource; readonly ours: OurCapture } | undefined
}

/** Logs of captures that are not there, of which a filtered copy is. */
const ABSENT = [/\.mac-logging\/conn1\.log$/, /\/conn-wiki\.log$/]
const ICMP = new Set(['icmp', 'icmp6'])

/** Reads each capture once and keeps its conversations. */
export class CaptureShelf {
  readonly #kept = new Map<string, Promise<OurCapture>>()

  get(capture: CaptureSource): Promise<OurCapture> {
    const kept = this.#kept.get(capture.path) ?? observeCapture(capture)
    this.#kept.set(capture.path, kept)
    return kept
  }
}

/**
 * Finds for each log of a folder the capture that it was made from: among those of the same repository the one with
 * most of the log's conversations, least else, and a name most alike. None when it has less than half of them, or less
 * than half of their packets' numbers.
 */
export async function findCases(folder: LogFolder, shelf: CaptureShelf): Promise<ZeekCase[]> {
  const cases: ZeekCase[] = []
  const names = readdirSync(folder.path).filter((name) => name.endsWith('.log'))
  for (const name of names.sort()) {
    const text = readFileSync(join(folder.path, name), 'utf8')
    const log = readZeekLog(basename(name, '.log'), text)
    const pairs = new Set(log.rows.flatMap(pairOf))
    if (pairs.size === 0) continue
    const title = `${folder.name}/${name}`
    const isAbsent = ABSENT.some((one) => one.test(title))
    const found = isAbsent
      ? undefined
      : await findCapture(log, pairs, title, folder.candidates, shelf)
    cases.push({ name: title, log, found })
  }
  return cases
}

async function findCapture(
  log: ZeekLog,
  pairs: ReadonlySet<string>,
  title: string,
  candidates: readonly CaptureSource[],
  shelf: CaptureShelf,
): Promise<ZeekCase['found']> {
  let best: ZeekCase['found']
  let highest = 0
  for (const capture of candidates) {
    const ours = await shelf.get(capture)
    const mine = new Set([...ours.byKey.keys()].map(pairOfKey))
    const share = [...pairs].filter((pair) => mine.has(pair)).length / pairs.size
    const rest = Math.max(0, mine.size - pairs.size) / Math.max(1, mine.size)
    const counted = countedAlike(log, ours)
    const score = share - 0.1 * rest + 0.2 * likeness(title, capture.name) + 0.3 * counted
    if (share < 0.5 || counted < 0.5 || score <= highest) continue
    best = { capture, ours }
    highest = score
  }
  return best
}

/**
 * Share of the conversations of a log that have some packets both with Zeek and in this capture in like number: two
 * captures of the same conversations, one of them filtered, are told apart by that. One where nothing is counted.
 */
function countedAlike({ rows }: ZeekLog, ours: OurCapture): number {
  const flows = new Map<string, Set<number>>()
  for (const { transport, client, server, packets } of ours.flows) {
    const key = pairOfKey(flowKey(transport, client, server))
    flows.set(key, (flows.get(key) ?? new Set()).add(packets[0] + packets[1]))
  }
  const counted = rows.filter((row) => row['orig_pkts'] !== undefined)
  const alike = counted.filter((row) => {
    const packets = Number(row['orig_pkts']) + Number(row['resp_pkts'])
    return pairOf(row).some((pair) => flows.get(pair)?.has(packets))
  })
  return counted.length === 0 ? 1 : alike.length / counted.length
}

/** A log's conversation without its transport, which many logs do not tell; ports of ICMP differ by program. */
function pairOf(row: ZeekRow): string[] {
  const { 'id.orig_h': orig, 'id.resp_h': resp, proto } = row
  if (orig === undefined || resp === undefined) return []
  const isIcmp = ICMP.has(proto ?? '')
  const ends = [
    { ip: orig, port: isIcmp ? 0 : Number(row['id.orig_p'] ?? 0) },
    { ip: resp, port: isIcmp ? 0 : Number(row['id.resp_p'] ?? 0) },
  ] as const
  return [pairOfKey(flowKey(isIcmp ? 'icmp' : 'tcp', ...ends))]
}

function pairOfKey(key: string): string {
  return key.slice(key.indexOf(' ') + 1)
}

/** Share of the words of a log folder's name that the capture's name has too. */
function likeness(folder: string, capture: string): number {
  const words = (text: string) =>
    new Set(
      text
        .toLowerCase()
        .split(/[^a-z0-9]+/)
        .filter((word) => word.length > 1),
    )
  const [mine, theirs] = [words(folder), words(capture)]
  return [...mine].filter((word) => theirs.has(word)).length / Math.max(1, mine.size)
}
