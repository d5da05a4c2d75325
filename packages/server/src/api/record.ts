import { appendAudit } from '../store/audit.ts'
import { tellChange, type ChangeType } from '../store/changes.ts'
import type { Trx } from '../store/database.ts'
import { addLog } from '../store/log.ts'
import type { Actor } from './actor.ts'

export interface Deed {
  readonly siteId: string
  readonly action: string
  /** `incident`, `work-order` .. */
  readonly kind: string
  readonly id: string
  readonly reason?: string | undefined
  readonly before?: unknown
  readonly after?: unknown
  /** One sentence for the log of an incident or work order. */
  readonly log?: string
  readonly change: ChangeType
}

/** Writes a change into the audit log, the thing's own log and to those who watch; last in its transaction. */
export async function record(trx: Trx, actor: Actor, deed: Deed, now: number): Promise<void> {
  const { siteId, action, kind, id, reason, before, after } = deed
  if (deed.log !== undefined) {
    await addLog(trx, siteId, id, { time: now, by: actor.name, what: deed.log, reason })
  }
  await tellChange(trx, deed.change, siteId, [id])
  const subject = `${kind}:${id}`
  const { username: byName, userId } = actor
  await appendAudit(trx, { siteId, byName, userId, action, subject, reason, before, after }, now)
}
