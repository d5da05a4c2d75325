import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

const digits = (value: number) => String(value).padStart(5, '0')

/** A block: its length, the text, the sum of all; letters that would be mistaken are stuffed. */
export function bccBlock(text: string, isStuffed = true): Uint8Array {
  const head = `\u0001${digits(text.length + 14)}\u0002${text}\u0003`
  const sum = bytesOf(head).reduce((total, byte) => (total + byte) & 0xff, 0)
  const whole = `${head}${digits(sum)}\u0004`
  const stuffing: Readonly<Record<string, string>> = { D: 'EX', E: 'EE', d: 'ex', e: 'ee' }
  return bytesOf(isStuffed ? whole.replaceAll(/[DEde]/g, (letter) => stuffing[letter]!) : whole)
}

export const ALIVE = bccBlock('1/1/1>ADMIN:ALIVE', false)
export const GET = bccBlock('SpaceCom9/1/1>MEM:GET')
export const VALUES = bccBlock(
  `SpaceCom9/1/1>${[
    '10,50100,DSSTATUS,00051',
    '10,50101,INSERNUM,123456',
    '10,50101,INDTNR,6144',
    '10,50101,INRT,12.50',
    '10,50101,INSOL,Dopamine 250',
    '10,50101,RUNSTATE,1',
    '10,50102,INSERNUM,_NV',
    '10,50102,INRT,PLANTED',
    '10,50101,PATIDNAME,PLANTED JANE',
    '10,50101,INWEIGHT,PLANTED',
  ].join('\u001e')}\u001e`,
)

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'bcc',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', ALIVE),
  sample('client', GET),
  sample('server', bytesOf(0x06)),
  sample('server', VALUES),
]
