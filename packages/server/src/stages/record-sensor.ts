import { judgeHealth } from '@wardkeeper/core'
import type { z } from 'zod'
import { tellChange } from '../store/changes.ts'
import { saveHealth } from '../store/sensor-health.ts'
import { saveReport } from '../store/sensors.ts'
import { sensorReported } from './messages.ts'
import type { Stage } from './stage.ts'

/** Keeps what sensors say of themselves, and where that makes them blind. */
export function recordSensor(homeSite: string): Stage<z.infer<typeof sensorReported>> {
  return {
    name: 'record-sensor',
    consumes: ['sensor.reported'],
    payload: sensorReported,
    async handle(trx, report) {
      const siteId = report.siteId ?? homeSite
      const now = Date.now()
      await saveReport(trx, { ...report, siteId }, now)
      // The counters of a capture come with its end: before that there is nothing to judge.
      if (report.kind !== 'capture' || report.state === 'finished') {
        await saveHealth(trx, { siteId, sensor: report.sensor }, judgeHealth(report), now)
      }
      await tellChange(trx, 'sensor.changed', siteId, [report.sensor])
      return []
    },
  }
}
