import type { ObservedFact } from '@wardkeeper/core'

/** What a capture tells once. */
export function toldOnce(
  subject: ObservedFact['subject'],
  field: string,
  value: string,
  time: number,
  frame = 1,
): ObservedFact {
  return {
    subject,
    field,
    value,
    sensor: 'capture:1',
    first: time,
    last: time,
    count: 1,
    evidence: { frame },
  }
}
