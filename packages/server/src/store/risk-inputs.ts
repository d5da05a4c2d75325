import {
  legacyState,
  supportEndOf,
  type RiskDevice,
  type RiskFinding,
  type RiskInputs,
  type RiskMethod,
  type SupportEnd,
  type Vocabulary,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor } from './database.ts'
import { loadReach, type ReachRow } from './risk-peers.ts'

/** What comes with the product and bears on a score. */
export interface RiskKnowledge {
  readonly vocabulary: Vocabulary
  readonly operatingSystems: readonly SupportEnd[]
}

interface DeviceRow {
  readonly id: string
  readonly manufacturer: string | null
  readonly model: string | null
  readonly type: string | null
  readonly category: string | null
  readonly os: string | null
  /** Until when its maker supports the device, as the newest record has it (ISO date). */
  readonly device_support: string | null
  readonly in_use: RiskInputs['inUse']
}

type FindingRow = {
  readonly asset_id: string
  readonly kind: 'advisory' | 'weakness' | 'support' | 'mds2'
  readonly subject: string
  readonly remedy: string
  readonly severity: RiskFinding['severity']
  readonly verdict: RiskFinding['verdict']
  readonly accepted: boolean
  readonly exploited: boolean
  readonly epss: number | null
  readonly ssvc: 'none' | 'poc' | 'active' | null
  readonly count: number
  readonly finding_id: string
}

/** Everything that the scores of these assets of one site are made from. */
export async function loadRiskInputs(
  db: Executor,
  siteId: string,
  assetIds: readonly string[],
  method: RiskMethod,
  knowledge: RiskKnowledge,
  now: number,
): Promise<ReadonlyMap<string, RiskInputs>> {
  const [devices, findings, reach, controls] = [
    await loadDevices(db, assetIds),
    await loadFindings(db, assetIds),
    await loadReach(db, siteId, assetIds, method.reach.windowDays),
    await loadControls(db, assetIds),
  ]
  return new Map(
    devices.map((row) => {
      const own = findings.get(row.id) ?? []
      const seen = reach.get(row.id)
      return [
        row.id,
        {
          device: deviceFacts(row.type, row.category, knowledge.vocabulary),
          inUse: row.in_use,
          isMatched: row.manufacturer !== null && row.model !== null,
          // What contradicts a statement weighs as the weakness that it is, and not twice.
          findings: own
            .filter(({ kind }) => kind === 'advisory' || kind === 'weakness')
            .map(findingOf),
          ...legacyOf(row, own, method, knowledge.operatingSystems, now),
          ...(seen === undefined ? {} : reachOf(seen)),
          controls: controls.get(row.id) ?? [],
        },
      ]
    }),
  )
}

async function loadDevices(db: Executor, ids: readonly string[]): Promise<readonly DeviceRow[]> {
  const { rows } = await sql<DeviceRow>`
    select id, manufacturer, model, type, category, os, in_use, (
      select body ->> 'endOfSupport' from declared_records d
      where d.asset_id = assets.id and d.until is null and body ? 'endOfSupport' order by since desc, d.id desc limit 1
    ) as device_support from assets
    where id = any(${ids}::uuid[]) and merged_into is null order by id`.execute(db)
  return rows
}

/** What is known of a kind of device. */
export function deviceFacts(
  type: string | null,
  category: string | null,
  vocabulary: Vocabulary,
): RiskDevice {
  const known = type === null ? undefined : vocabulary.types.get(type)
  const family = known?.category ?? category ?? undefined
  const isClinical =
    family === undefined || family === 'unknown'
      ? undefined
      : vocabulary.categories.get(family)?.isClinical
  return {
    ...(type === null ? {} : { type }),
    ...(family === undefined ? {} : { category: family }),
    ...(isClinical === undefined ? {} : { isClinical }),
    ...(known === undefined
      ? {}
      : { isRegulated: known.isRegulated, isLifeSupport: known.isLifeSupport }),
  }
}

/** Open and accepted findings, those that weigh the same as one. An accepted risk is there all the same. */
async function loadFindings(
  db: Executor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly FindingRow[]>> {
  const { rows } = await sql<FindingRow>`
    select f.asset_id, f.kind, min(f.subject) as subject, f.remedy, f.severity, f.verdict,
      f.state = 'accepted' as accepted, f.is_known_exploited or coalesce(s.kev, false) as exploited, s.epss, s.ssvc,
      count(*) as count, min(f.id::text) as finding_id
    from findings f left join lateral (
      select bool_or(kev_added is not null) as kev, max(epss) as epss,
        (array_agg(ssvc_exploitation order by array_position(array['active', 'poc', 'none'], ssvc_exploitation))
          filter (where ssvc_exploitation in ('active', 'poc', 'none')))[1] as ssvc
      from exploit_signals where cve = any(f.cves)
    ) s on true
    where f.asset_id = any(${ids}::uuid[]) and f.state in ('open', 'in-progress', 'accepted')
      and f.verdict <> 'not-affected'
    group by f.asset_id, f.kind, f.remedy, f.severity, f.verdict, accepted, exploited, s.epss, s.ssvc
    order by f.asset_id, f.kind, f.remedy, f.severity, f.verdict, finding_id`.execute(db)
  return Map.groupBy(rows, (row) => row.asset_id)
}

function findingOf(row: FindingRow): RiskFinding {
  return {
    kind: row.kind === 'weakness' ? 'weakness' : 'advisory',
    subject: row.subject,
    remedy: row.remedy,
    severity: row.severity,
    verdict: row.verdict,
    count: row.count,
    findingId: row.finding_id,
    ...(row.exploited ? { isKnownExploited: true } : {}),
    // A real of the database has seven digits; more would only look precise.
    ...(row.epss === null ? {} : { epss: Number(row.epss.toFixed(6)) }),
    ...(row.ssvc === null ? {} : { ssvc: row.ssvc }),
    ...(row.accepted ? { isAccepted: true } : {}),
  }
}

const STATES = ['supported', 'ending', 'ended', 'long-ended'] as const

/** Past the support of its maker or of its operating system, whichever is worse; neither known: not known. */
function legacyOf(
  { os, device_support: declared }: DeviceRow,
  findings: readonly FindingRow[],
  method: RiskMethod,
  systems: readonly SupportEnd[],
  now: number,
): Pick<RiskInputs, 'legacy'> {
  const system = os === null ? undefined : supportEndOf(os, systems)
  const device = findings.find(({ kind, verdict }) => kind === 'support' && verdict === 'affected')
  const bySystem = system && {
    state: legacyState(system.ends, now, method),
    what: system.name,
    until: system.ends,
  }
  const byRecord = declared !== null &&
    !Number.isNaN(Date.parse(declared)) && {
      state: legacyState(declared, now, method),
      what: 'the device, as records say',
      until: declared,
    }
  const byDevice =
    device === undefined ? byRecord || undefined : { state: 'ended' as const, what: device.subject }
  // That the system is supported says nothing of the maker of the device: then it is not known.
  if (byDevice === undefined && bySystem?.state === 'supported') return {}
  if (bySystem === undefined) return byDevice === undefined ? {} : { legacy: byDevice }
  const isWorse =
    byDevice !== undefined && STATES.indexOf(byDevice.state) > STATES.indexOf(bySystem.state)
  return { legacy: isWorse ? byDevice : bySystem }
}

function reachOf(row: ReachRow): Pick<RiskInputs, 'reach' | 'dependants'> {
  const { level, peer, service, last_seen: time, dependants } = row
  return { reach: { level, peer, service, time }, dependants }
}

async function loadControls(
  db: Executor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RiskInputs['controls']>> {
  const { rows } = await sql<{
    asset_id: string
    id: string
    kind: RiskInputs['controls'][number]['kind']
  }>`
    select s.asset_id, c.id, c.kind from control_sights s join compensating_controls c on c.id = s.control_id
    where s.asset_id = any(${ids}::uuid[]) and s.until is null and s.state = 'working' and c.ended_at is null
    order by s.asset_id, c.id`.execute(db)
  const groups = Map.groupBy(rows, (row) => row.asset_id)
  return new Map(
    [...groups].map(([id, own]) => [
      id,
      own.map(({ id: control, kind }) => ({ id: control, kind })),
    ]),
  )
}
