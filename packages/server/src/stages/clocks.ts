import type { ClientConfig } from 'pg'
import type { Bus } from '../bus/bus.ts'
import type { Content } from '../content/load.ts'
import { addUpCounts } from '../store/asset-counts.ts'
import { countAgain } from '../store/assets.ts'
import { tellChange } from '../store/changes.ts'
import { moment } from '../store/column-types.ts'
import { addUpChanges } from '../store/content-changes.ts'
import type { Db } from '../store/database.ts'
import { endMutes } from '../store/detections.ts'
import { addUpFindingCounts } from '../store/finding-list.ts'
import { endDecisions } from '../store/finding-decisions.ts'
import { addLog } from '../store/log.ts'
import { appendOutbox } from '../store/outbox.ts'
import { packObservations } from '../store/pack.ts'
import { startSchedule, type Schedule } from '../store/schedule.ts'
import { listSensors, isSilent } from '../store/sensors.ts'
import { warmInventory } from '../store/warm.ts'
import type { RiskScoring } from '../store/risk-scores.ts'
import { applyDatedRules } from './apply-dated-rules.ts'
import { learnSites } from './learn-behaviour.ts'
import { refreshRisk } from './score-risk.ts'
import { openMaintenance } from './open-maintenance.ts'
import { reconcileSites } from './reconcile.ts'
import { takeBack } from './take-back.ts'
import type { VerifyOrders } from './verify-work.ts'

const SELF = 'Wardkeeper'

export interface ClockContext {
  readonly db: Db
  readonly bus: Bus
  readonly verifyOrders: VerifyOrders
  readonly scoring: RiskScoring
  readonly content: Content
}

/** What happens because time passes, not because something was seen. Each may run twice without harm. */
export const CLOCKS = {
  'add-up-counts': ({ db }: ClockContext) => db.transaction().execute(addUpCounts),
  'add-up-finding-counts': ({ db }: ClockContext) => db.transaction().execute(addUpFindingCounts),
  'add-up-changes': ({ db }: ClockContext) => db.transaction().execute(addUpChanges),
  'apply-dated-rules': ({ db, content }: ClockContext, now: number) =>
    applyDatedRules({ db, content }, now),
  'end-decisions': reopenFindings,
  'end-mutes': raiseAgain,
  'pack-observations': async ({ db }: ClockContext) => {
    await packObservations(db)
    await warmInventory(db)
  },
  'learn-behaviour': ({ db }: ClockContext, now: number) => learnSites(db, now),
  'refresh-risk': ({ db, scoring }: ClockContext, now: number) => refreshRisk(db, scoring, now),
  'open-maintenance': ({ db, content }: ClockContext, now: number) =>
    openMaintenance({ db, content }, now),
  'reconcile-inventory': ({ db, content }: ClockContext, now: number) =>
    reconcileSites(
      { db, vocabulary: content.knowledge.vocabulary, inventory: content.inventory },
      now,
    ),
  'escalate-incidents': escalateIncidents,
  'take-back-orders': takeBackOrders,
  'verify-orders': async ({ db, verifyOrders }: ClockContext) => {
    await db.transaction().execute((trx) => verifyOrders(trx, undefined))
  },
  'watch-sensors': tellSilentSensors,
} as const

/** What takes minutes of a machine waits for the night. */
const TIMES: Partial<Record<keyof typeof CLOCKS, string>> = { 'pack-observations': '17 1 * * *' }

/** Looks at every other clock once a minute. */
export async function startClocks(
  connection: ClientConfig,
  context: ClockContext,
): Promise<Schedule> {
  const names = Object.keys(CLOCKS) as (keyof typeof CLOCKS)[]
  return await startSchedule(connection, {
    name: 'clocks',
    tasks: Object.fromEntries(names.map((name) => [name, () => CLOCKS[name](context, Date.now())])),
    crontab: names.map((name) => `${TIMES[name] ?? '* * * * *'} ${name}`).join('\n'),
  })
}

/** A risk that was accepted until a day is open again on the day after. */
async function reopenFindings({ db }: ClockContext, now: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const findings = await endDecisions(trx, now)
    await countAgain(trx, [...new Set(findings.map((row) => row.asset_id))].toSorted())
    for (const { id, site_id: siteId } of findings)
      await tellChange(trx, 'finding.changed', siteId, [id])
  })
}

/** What was muted until a day is raised again on the day after, and triage looks at it. */
async function raiseAgain({ db, bus }: ClockContext, now: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const ended = await endMutes(trx, now)
    for (const { id, site_id: siteId } of ended)
      await tellChange(trx, 'detection.changed', siteId, [id])
    const raised = Map.groupBy(
      ended.filter(({ state }) => state === 'raised'),
      (row) => row.site_id,
    )
    await appendOutbox(
      trx,
      [...raised].map(([siteId, rows]) => ({
        subject: 'detection.raised',
        id: `unmuted/${siteId}/${now}`,
        payload: { siteId, detectionIds: rows.map(({ id }) => id) },
      })),
    )
  })
  bus.wake()
}

/** An incident whose clock has run out is written down as such, once for each move that is late. */
async function escalateIncidents({ db }: ClockContext, now: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const late = await trx
      .selectFrom('incidents')
      .select(['id', 'site_id', 'state'])
      .where('due', '<', moment(now))
      .orderBy('id')
      .forUpdate()
      .execute()
    for (const { id, site_id: siteId, state } of late) {
      const what = `Overdue while ${state}`
      const isKnown = await trx
        .selectFrom('log_entries')
        .select('id')
        .where('subject_id', '=', id)
        .where('what', '=', what)
        .executeTakeFirst()
      if (isKnown !== undefined) continue
      await addLog(trx, siteId, id, { time: now, by: SELF, what })
      await tellChange(trx, 'incident.changed', siteId, [id])
    }
  })
}

/** An order that was assigned but not begun goes back when the authorization for it has run out. */
async function takeBackOrders({ db }: ClockContext, now: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('work_orders')
      .selectAll()
      .where('state', '=', 'assigned')
      .orderBy('id')
      .forUpdate()
      .execute()
    for (const row of rows) await takeBack(trx, row, now)
  })
}

/** Those who watch are told of a sensor that fell silent, so that its row changes without a reload. */
async function tellSilentSensors({ db }: ClockContext, now: number): Promise<void> {
  for (const sensor of await listSensors(db, undefined)) {
    if (isSilent(sensor, now)) await tellChange(db, 'sensor.changed', sensor.site_id, [sensor.id])
  }
}
