import { listSensorIssues, listSensors, type SensorView } from '@wardkeeper/contract'
import type { HealthCode, SensorCoverage } from '@wardkeeper/core'
import { listHealth } from '../../store/sensor-health.ts'
import * as sensors from '../../store/sensors.ts'
import type { Routes } from '../context.ts'
import { isoOf, present } from '../views.ts'

const MONTH_MS = 30 * 86_400_000

/** Where observations come from, and where nobody looks. */
export const sensorRoutes: Routes = (serve, { database: { db }, now }) => {
  serve(listSensors, async ({ actor }) => {
    const rows = await sensors.listSensors(db, actor.sites)
    return { items: rows.map((row) => sensorView(row, now())) }
  })

  serve(listSensorIssues, async ({ actor }) => {
    const rows = await listHealth(db, actor.sites, now() - MONTH_MS)
    return {
      items: rows.map((row) => ({
        id: row.id,
        sensorId: row.sensor,
        sensor: row.sensor_name,
        code: row.code as HealthCode,
        scope: row.scope,
        share: row.share,
        since: isoOf(row.since),
        ...present({ until: row.until === null ? undefined : isoOf(row.until) }),
      })),
    }
  })
}

type SensorRecord = Awaited<ReturnType<typeof sensors.listSensors>>[number]

function sensorView(row: SensorRecord, now: number): SensorView {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    state: sensors.isSilent(row, now) ? 'silent' : (row.state as SensorView['state']),
    frames: row.frames,
    flows: row.flows,
    observations: row.observations,
    counters: row.counters as Record<string, number>,
    coverage: coverageView(row.coverage as SensorCoverage),
    ...present({
      firstFrame: row.first_frame === null ? undefined : isoOf(row.first_frame),
      lastFrame: row.last_frame === null ? undefined : isoOf(row.last_frame),
      progress: row.state === 'running' ? row.progress : undefined,
      problem: row.problem,
    }),
  }
}

function coverageView({ vlans, networks }: SensorCoverage): SensorView['coverage'] {
  const seen = (last: number) => new Date(last).toISOString()
  return {
    vlans: vlans.map(({ first: _first, last, ...vlan }) => ({ ...vlan, last: seen(last) })),
    networks: networks.map(({ last, ...network }) => ({ ...network, last: seen(last) })),
  }
}
