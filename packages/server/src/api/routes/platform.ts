import { about, getOverview, listAudit, search, type Overview } from '@wardkeeper/contract'
import { countFacets } from '../../store/asset-list.ts'
import * as audit from '../../store/audit-list.ts'
import { anywhere } from '../../store/keyset.ts'
import { countOverview, findingsBySeverity, searchAll, type Counts } from '../../store/overview.ts'
import * as sensors from '../../store/sensors.ts'
import type { Routes } from '../context.ts'
import { isoOf, present } from '../views.ts'

const DAY_MS = 86_400_000

/** The first page, the sensors, the search and what is running. */
export const platformRoutes: Routes = (serve, context) => {
  const { database, content, now } = context
  const { db } = database

  serve(getOverview, async ({ actor }) => {
    const [counts, severities, facets, all] = await Promise.all([
      countOverview(db, actor.sites),
      findingsBySeverity(db, actor.sites),
      countFacets(db, actor.sites, {}),
      sensors.listSensors(db, actor.sites),
    ])
    const age =
      content.advisoryDate === undefined
        ? undefined
        : Math.floor((now() - Date.parse(content.advisoryDate)) / DAY_MS)
    return {
      assets: counts.assets,
      identified: counts.identified,
      connected: counts.connected,
      attention: attentionOf(counts),
      byCategory: facets.category.map(({ value, count }) => ({ ...present({ value }), count })),
      findingsBySeverity: severities.map((row) => ({ ...row })),
      openIncidents: counts.openIncidents,
      openWorkOrders: counts.openWorkOrders,
      newThisWeek: counts.newThisWeek,
      sensors: sensorCounts(all, now()),
      advisories: {
        count: content.advisories.length,
        ...present({ date: content.advisoryDate, ageDays: age }),
      },
    }
  })

  serve(search, async ({ query, actor }) => {
    return { items: [...(await searchAll(db, actor.sites, anywhere(query.q)))] }
  })

  serve(listAudit, async ({ query, actor }) => {
    const page = await audit.listAudit(db, actor.sites, query)
    return {
      items: page.items.map(({ id, time, by_name: by, action, subject, reason, hash }) => ({
        id,
        time: isoOf(time),
        by,
        action,
        subject,
        hash,
        ...present({ reason }),
      })),
      ...present({ next: page.next }),
      total: page.total,
    }
  })

  serve(about, async () => ({
    version: context.version,
    database: `PostgreSQL ${database.version}`,
    fingerprints: content.knowledge.fingerprints.size,
    advisories: content.advisories.length,
    isFirstRun: context.isFirstRun,
    ...present({ dataFolder: context.dataFolder }),
  }))
}

type SensorRecord = Awaited<ReturnType<typeof sensors.listSensors>>[number]

function isFresh(sensor: SensorRecord, now: number): boolean {
  return sensor.state === 'running' && !sensors.isSilent(sensor, now)
}

/** A capture that was read to its end is no sensor that fell silent. */
function sensorCounts(all: readonly SensorRecord[], now: number): Overview['sensors'] {
  const listening = all.filter(({ state }) => state !== 'finished')
  return {
    total: listening.length,
    fresh: listening.filter((sensor) => isFresh(sensor, now)).length,
    captures: all.length - listening.length,
  }
}

/** What waits for a decision, most urgent first; nothing that does not wait. */
function attentionOf(counts: Counts): Overview['attention'] {
  const all = [
    [
      'incidents-new',
      ['Incident that nobody has taken', 'Incidents that nobody has taken'],
      counts.unacknowledged,
      '/incidents?state=new',
    ],
    [
      'work-contradicted',
      ['Work order that the network contradicts', 'Work orders that the network contradicts'],
      counts.contradicted,
      '/work?state=contradicted',
    ],
    [
      'findings-exploited',
      [
        'Finding, certain or possible, that is being exploited',
        'Findings, certain or possible, that are being exploited',
      ],
      counts.exploited,
      '/findings?severity=critical',
    ],
    [
      'work-unassigned',
      ['Work order without a technician', 'Work orders without a technician'],
      counts.unassigned,
      '/work?state=ready',
    ],
    [
      'detections-raised',
      ['Detection to look at', 'Detections to look at'],
      counts.raisedDetections,
      '/detections?state=raised',
    ],
    [
      'assets-unidentified',
      ['Device of which nothing is known', 'Devices of which nothing is known'],
      counts.unidentified,
      '/assets?type=',
    ],
  ] as const
  return all
    .filter(([, , count]) => count > 0)
    .map(([code, [one, more], count, path]) => ({
      code,
      title: count === 1 ? one : more,
      count,
      path,
    }))
}
