import type { z } from 'zod'
import { tellChange } from '../store/changes.ts'
import { saveReport } from '../store/sensors.ts'
import { sensorReported } from './messages.ts'
import type { Stage } from './stage.ts'

/** Keeps what sensors say of themselves. */
export function recordSensor(homeSite: string): Stage<z.infer<typeof sensorReported>> {
  return {
    name: 'record-sensor',
    consumes: ['sensor.reported'],
    payload: sensorReported,
    async handle(trx, report) {
      const siteId = report.siteId ?? homeSite
      await saveReport(trx, { ...report, siteId }, Date.now())
      await tellChange(trx, 'sensor.changed', siteId, [report.sensor])
      return []
    },
  }
}
