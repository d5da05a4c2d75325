import { flowKey, namesOf, type OurCapture, type OurFlow } from './observe-capture.ts'
import type { LogFolder } from './pairs.ts'
import { isOurName } from './names.ts'
import { Tally } from './tally.ts'
import { CaptureShelf, findCases } from './zeek-captures.ts'
import { cellsOf } from './zeek-field.ts'
import { ZEEK_FIELDS, ZEEK_SERVICES } from './zeek-fields.ts'
import type { ZeekLog, ZeekRow } from './zeek-log.ts'

/** What is compared with Zeek's logs. */
interface Tallies {
  readonly keys: Tally
  readonly counts: Tally
  readonly services: Tally
  /** All key fields, and those of each log. */
  readonly all: Tally
  readonly fields: Map<string, Tally>
}

const COUNTS = ['orig_pkts', 'orig_ip_bytes', 'resp_pkts', 'resp_ip_bytes'] as const
const TRANSPORTS = ['tcp', 'udp', 'icmp', 'icmp6', 'sctp']

/** Compares conversations, counts and fields with Zeek's logs. */
export async function compareZeek(folders: readonly LogFolder[]): Promise<Tally[]> {
  const tallies: Tallies = {
    keys: new Tally('Zeek conn: addresses, ports, direction', 99),
    counts: new Tally('Zeek conn: packets and bytes each way', 99),
    services: new Tally('Zeek conn: service', 97),
    all: new Tally('Zeek: key fields of all logs', 97),
    fields: new Map(),
  }
  const shelf = new CaptureShelf()
  for (const folder of folders) {
    for (const { name, log, found } of await findCases(folder, shelf)) {
      if (found === undefined) tallies.keys.leaveOut('logs whose capture is not there')
      else compareLog(tallies, `${name} (${found.capture.name})`, log, found.ours)
    }
  }
  const fields = [...tallies.fields].sort(([one], [other]) => one.localeCompare(other))
  return [
    tallies.keys,
    tallies.counts,
    tallies.services,
    tallies.all,
    ...fields.map(([, tally]) => tally),
  ]
}

function compareLog(
  tallies: Tallies,
  capture: string,
  { path, rows }: ZeekLog,
  ours: OurCapture,
): void {
  if (path === 'conn') compareConns(tallies, capture, rows, ours)
  else for (const row of rows) compareFields(tallies, capture, path, row, ours)
}

function compareConns(
  tallies: Tallies,
  capture: string,
  rows: readonly ZeekRow[],
  ours: OurCapture,
): void {
  const met = new Map<string, number>()
  for (const row of rows) {
    const key = keyOf(row)
    if (key === undefined) continue
    const turn = met.get(key) ?? 0
    met.set(key, turn + 1)
    const mine = ours.byKey.get(key) ?? []
    const flow = mine[Math.min(turn, mine.length - 1)]
    compareConn(tallies, capture, row, flow, key)
  }
}

function compareConn(
  { keys, counts, services }: Tallies,
  capture: string,
  row: ZeekRow,
  flow: OurFlow | undefined,
  place: string,
): void {
  const theirs = `${row['id.orig_h']}:${row['id.orig_p']} > ${row['id.resp_h']}:${row['id.resp_p']}`
  const client = flow && flowKey(flow.transport, flow.client, flow.client)
  const isSame = flow !== undefined && client === keyOfEnd(row, flow.transport)
  const mine =
    flow && `${flow.client.ip}:${flow.client.port} > ${flow.server.ip}:${flow.server.port}`
  keys.compare(isSame, {
    capture,
    place,
    theirs,
    ours: mine ?? 'no such flow',
  })
  if (flow === undefined) return
  // Zeek stops counting where it has seen enough of a bulk transfer (its GridFTP::skip_data).
  if (row['service']?.includes('gridftp-data') === true) {
    counts.leaveOut('bulk transfers that Zeek itself stops counting')
  } else compareCounts(counts, capture, row, flow, isSame, place)
  compareService(services, capture, row, flow, place)
}

function keyOfEnd(row: ZeekRow, transport: string): string {
  const end = { ip: row['id.orig_h'] ?? '', port: Number(row['id.orig_p'] ?? 0) }
  return flowKey(transport, end, end)
}

function compareCounts(
  counts: Tally,
  capture: string,
  row: ZeekRow,
  flow: OurFlow,
  isSame: boolean,
  place: string,
): void {
  const toServer = isSame ? 0 : 1
  const mine = {
    orig_pkts: flow.packets[toServer],
    orig_ip_bytes: flow.bytes[toServer],
    resp_pkts: flow.packets[1 - toServer],
    resp_ip_bytes: flow.bytes[1 - toServer],
  }
  for (const name of COUNTS) {
    const theirs = row[name]
    if (theirs === undefined) continue
    const ours = String(mine[name])
    counts.compare(theirs === ours, { capture, place: `${place} ${name}`, theirs, ours })
  }
}

function compareService(
  services: Tally,
  capture: string,
  row: ZeekRow,
  flow: OurFlow,
  place: string,
): void {
  for (const service of row['service']?.split(',') ?? []) {
    const expected = (ZEEK_SERVICES[service] ?? [service]).filter(isOurName)
    if (expected.length === 0) {
      services.leaveOut(`Zeek's service ${service} has no name of ours`)
      continue
    }
    const names = namesOf(flow)
    services.compare(
      expected.some((name) => names.includes(name)),
      {
        capture,
        place,
        theirs: service,
        ours: names.slice(1).join('+') || 'unknown',
      },
    )
  }
}

function compareFields(
  { all, fields }: Tallies,
  capture: string,
  path: string,
  row: ZeekRow,
  ours: OurCapture,
): void {
  const known = ZEEK_FIELDS[path]
  if (known === undefined) return
  const tally = fields.get(path) ?? new Tally(`Zeek ${path}: key fields`)
  fields.set(path, tally)
  const key = keyOf(row)
  const flows = TRANSPORTS.flatMap((transport) => {
    const one = keyOf({ ...row, proto: row['proto'] ?? transport })
    return (key !== undefined && one !== undefined && ours.byKey.get(one)) || []
  })
  for (const one of known) {
    const mine = [
      ...new Set(flows.flatMap(({ values }) => one.in.flatMap((name) => values.get(name) ?? []))),
    ]
    for (const value of cellsOf(one, row)) {
      const theirs = one.of(value, row)
      if (theirs === undefined) continue
      const column = typeof one.column === 'string' ? one.column : one.in.join(' ')
      const place = `${row['id.orig_h']}:${row['id.orig_p']} ${row['id.resp_h']}:${row['id.resp_p']}`
      const isAgreed = mine.includes(theirs)
      all.count(isAgreed, capture)
      tally.compare(isAgreed, {
        capture,
        place: `${place} ${column}`,
        theirs,
        ours: mine.slice(0, 6).join(' | ') || (flows.length === 0 ? 'no such flow' : 'nothing'),
      })
    }
  }
}

function keyOf(row: ZeekRow): string | undefined {
  const { 'id.orig_h': orig, 'id.resp_h': resp } = row
  if (orig === undefined || resp === undefined) return undefined
  const isV6 = orig.includes(':')
  const transport = row['proto'] === 'icmp' && isV6 ? 'icmp6' : (row['proto'] ?? 'tcp')
  const one = { ip: orig, port: Number(row['id.orig_p'] ?? 0) }
  const other = { ip: resp, port: Number(row['id.resp_p'] ?? 0) }
  return flowKey(transport, one, other)
}
