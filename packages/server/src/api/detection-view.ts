import type { DetectionView } from '@wardkeeper/contract'
import type { Executor } from '../store/database.ts'
import { detectionOf, type DetectionRecord } from '../store/detections.ts'
import { labelsOf } from '../store/response-lists.ts'
import { evidenceView, isoOf, present } from './views.ts'

/** Detections with the names of both ends. */
export async function detectionViews(
  db: Executor,
  rows: readonly DetectionRecord[],
): Promise<DetectionView[]> {
  const labels = await labelsOf(
    db,
    rows.flatMap((row) => [row.actor_id, row.target_id]),
  )
  const deviceOf = (id: string | undefined) =>
    id === undefined ? undefined : { id, label: labels.get(id) ?? 'unknown device' }
  return rows.map((row) => {
    const detection = detectionOf(row)
    return {
      id: detection.id,
      detector: detection.detector,
      severity: detection.severity,
      state: detection.state,
      time: isoOf(detection.time),
      lastTime: isoOf(detection.lastTime),
      count: detection.count,
      expected: detection.expected,
      seen: detection.seen,
      techniques: [...detection.techniques],
      evidence: detection.evidence.map(evidenceView),
      ...present({
        actor: deviceOf(detection.actorId),
        target: deviceOf(detection.targetId),
        incidentId: row.incident_id,
      }),
    }
  })
}
