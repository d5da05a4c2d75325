import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A frame of E1381: number, text, check sum; `more` says that the record goes on in the next. */
export function astmFrame(number: number, text: string, more = false): Uint8Array {
  const body = bytesOf(String(number), text, more ? 0x17 : 0x03)
  const sum = body.reduce((total, byte) => (total + byte) & 0xff, 0)
  return bytesOf(0x02, body, sum.toString(16).toUpperCase().padStart(2, '0'), '\r\n')
}

export const HEADER =
  'H|\\^&|42||Examplemed Chem 9^3.2.1^SN55|||||LIS^HOST||P|E 1394-97|20260101120000\r'
export const RECORDS = [
  'P|1|PLANTED-ID|||PLANTED^JANE||19600101|F\r',
  'O|1|PLANTED-SPECIMEN||^^^GLU|R\r',
  'R|1|^^^GLU|PLANTED|mg/dL||N||F\r',
  'C|1|I|PLANTED remark\r',
  'L|1|N\r',
]
export const FRAMES = bytesOf(
  0x05,
  astmFrame(1, HEADER),
  ...RECORDS.map((record, at) => astmFrame((at + 2) % 8, record)),
  0x04,
)
/** One frame with all records, and one whose header is cut in two. */
export const ONE_FRAME = astmFrame(1, HEADER + RECORDS.join(''))
export const CUT_HEADER = bytesOf(
  astmFrame(1, HEADER.slice(0, 40), true),
  astmFrame(2, HEADER.slice(40)),
)
export const RAW = bytesOf(HEADER, ...RECORDS)
export const PASSWORD = astmFrame(1, 'H|\\^&||PLANTED|ABX\r')

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'astm',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', FRAMES),
  sample('server', bytesOf(0x06)),
  sample('client', ONE_FRAME),
  sample('client', CUT_HEADER),
  sample('client', RAW),
  sample('client', PASSWORD),
  sample('server', astmFrame(3, RECORDS[0]!)),
]
