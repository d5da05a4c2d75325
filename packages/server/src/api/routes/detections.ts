import { decideDetection, listDetections } from '@wardkeeper/contract'
import { forgetAlarm, learnDetection, Refusal, type Detection } from '@wardkeeper/core'
import { lockBaselines, saveBaselines } from '../../store/baselines.ts'
import type { Trx } from '../../store/database.ts'
import { detectionOf, lockDetections, readDetections } from '../../store/detections.ts'
import * as lists from '../../store/response-lists.ts'
import { demandSite } from '../actor.ts'
import type { Routes } from '../context.ts'
import { detectionViews } from '../detection-view.ts'
import { ApiError } from '../errors.ts'
import { record } from '../record.ts'
import { isoOf, present } from '../views.ts'

const STATES = { learn: 'explained', mute: 'muted', close: 'closed' } as const

/** Behaviour that differs from what was learned. */
export const detectionRoutes: Routes = (serve, { database: { db }, now }) => {
  serve(listDetections, async ({ query, actor }) => {
    const page = await lists.listDetections(db, actor.sites, query)
    return {
      items: await detectionViews(db, page.items),
      ...present({ next: page.next }),
      total: page.total,
    }
  })

  serve(decideDetection, async ({ params, body, actor }) => {
    await db.transaction().execute(async (trx) => {
      const [row] = await lockDetections(trx, [params.id])
      if (row === undefined) throw new ApiError('not-found')
      demandSite(actor, row.site_id)
      if (row.state === 'explained' || row.state === 'closed') {
        throw new Refusal('detection-decided', [
          `It was ${row.state} by ${row.decided_by ?? 'somebody'} before.`,
        ])
      }
      if (body.verb === 'mute' && body.until <= isoOf(now()).slice(0, 10)) {
        throw new ApiError('invalid-input', ['until: it must be a day to come'])
      }
      if (body.verb !== 'mute') await teach(trx, row.site_id, detectionOf(row), body.verb)
      await trx
        .updateTable('detections')
        .set({
          state: STATES[body.verb],
          muted_until: body.verb === 'mute' ? `${body.until}T23:59:59Z` : null,
          decided_by: actor.name,
          decision_reason: body.reason,
        })
        .where('id', '=', row.id)
        .execute()
      const deed = {
        siteId: row.site_id,
        action: `detection.${STATES[body.verb]}`,
        kind: 'detection',
        id: row.id,
        reason: body.reason,
        before: { state: row.state },
        after: { state: STATES[body.verb] },
        change: 'detection.changed',
      } as const
      await record(trx, actor, deed, now())
    })
    const [view] = await detectionViews(db, await readDetections(db, [params.id]))
    if (view === undefined) throw new ApiError('not-found')
    return view
  })
}

/** The baselines of both ends take it as known, each what it saw from its own side, or will tell of it again. */
async function teach(
  trx: Trx,
  siteId: string,
  detection: Detection,
  verb: 'learn' | 'close',
): Promise<void> {
  const ends = [
    [detection.actorId, 'out '],
    [detection.targetId, 'in '],
  ] as const
  const ids = ends.flatMap(([id]) => id ?? [])
  const baselines = await lockBaselines(trx, ids.toSorted())
  for (const [id, side] of ends) {
    const baseline = id === undefined ? undefined : baselines.get(id)
    if (baseline === undefined) continue
    const evidence = detection.evidence.filter(({ claims }) => claims?.startsWith(side) === true)
    const next =
      verb === 'close'
        ? forgetAlarm(baseline, detection)
        : learnDetection(baseline, { ...detection, evidence })
    await saveBaselines(trx, siteId, [next])
  }
}
