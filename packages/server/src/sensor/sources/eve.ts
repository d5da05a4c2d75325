import { EVE_EVENTS } from './eve-events.ts'
import { EveEvent } from './eve-event.ts'
import type { LineOutcome, LogSource } from './source.ts'

/** Suricata's EVE log: one JSON event a line. Events of kinds that tell nothing about devices are passed over. */
export const eve: LogSource = {
  name: 'suricata',
  recognise(head) {
    const [first] = head.split('\n', 1)
    return /^\s*\{/.test(first ?? '') && /"event_type"\s*:\s*"/.test(first ?? '')
  },
  open: () => ({ line: readEvent }),
}

function readEvent(text: string): LineOutcome {
  if (text.trim() === '') return undefined
  const event = EveEvent.parse(text)
  if (event === undefined) return { reason: 'it is no JSON object' }
  const kind = event.text('event_type')
  if (kind === undefined) return { reason: 'it has no event_type' }
  const read = Object.hasOwn(EVE_EVENTS, kind) ? EVE_EVENTS[kind] : undefined
  if (read === undefined) return undefined
  const time = event.micros('timestamp')
  return time === undefined ? { reason: 'its timestamp cannot be read' } : read(event, time)
}
