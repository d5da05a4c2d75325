import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

/** ESC or SOH, the text, the sum of all as two hexadecimal digits, CR. */
export function medibusMessage(first: 0x01 | 0x1b, text: string): Uint8Array {
  const head = bytesOf(first, text)
  const sum = head.reduce((total, byte) => (total + byte) & 0xff, 0)
  return bytesOf(head, sum.toString(16).toUpperCase().padStart(2, '0'), '\r')
}

export const INITIALIZE = medibusMessage(0x1b, 'Q')
export const ASK_IDENTITY = medibusMessage(0x1b, 'R')
export const IDENTITY = medibusMessage(0x01, "R8210'Ventio 500'02.30:06.00")
/** A text message, in which a patient could stand. */
export const TEXTS = medibusMessage(0x01, '*01PLANTED JANE')

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'medibus',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', INITIALIZE),
  sample('server', medibusMessage(0x01, 'Q')),
  sample('client', ASK_IDENTITY),
  sample('server', IDENTITY),
  sample('server', TEXTS),
]
