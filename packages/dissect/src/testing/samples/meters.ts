import type { Dissector, Side } from '../../dissector.ts'
import { crc16, CRC16 } from '../../protocols/crc16.ts'
import { der, derOid } from '../der.ts'
import { be16, bytesOf, le16, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const checked = (body: Uint8Array): Uint8Array =>
  bytesOf(body, le16(crc16(body, 0, body.length, CRC16.ibm)))

export const roc = (operation: number, ...data: readonly Part[]): Uint8Array => {
  const body = bytesOf(...data)
  return checked(bytesOf([1, 2, 3, 4], operation, body.length, body))
}
export const ROC_READ = roc(10, [0, 1, 0])
export const ROC_LOGIN = roc(17, 'PLANTED')

export const POLL = bytesOf(checked(bytesOf(0xfb, 1)), 0xf6)
export const INDICATION = bytesOf(checked(bytesOf(0xf2, 1, [0, 5, 1, 4])), 0xf6)
export const ACKNOWLEDGE = bytesOf(0xf1, 1, 0xf6)

const hdlc = (...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  const frame = bytesOf(0xa0 | ((body.length + 4) >> 8), body.length + 4, body)
  const check = crc16(frame, 0, frame.length, CRC16.ccitt) ^ 0xffff
  return bytesOf(0x7e, frame, le16(check), 0x7e)
}
export const wrapped = (...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  return bytesOf(be16(1), be16(16), be16(1), be16(body.length), body)
}
const MECHANISM = der(0x8b, [0x60, 0x85, 0x74, 5, 8, 2, 5])
const CONTEXT = der(0xa1, der(0x06, [0x60, 0x85, 0x74, 5, 8, 1, 1]))
export const ASSOCIATE = der(
  0x60,
  CONTEXT,
  der(0xa6, der(0x04, [0, 0, 0, 0, 0, 0, 0, 1])),
  MECHANISM,
  der(0xac, der(0x80, 'PLANTED')),
)
export const ASSOCIATED = der(
  0x61,
  CONTEXT,
  der(0xa4, der(0x04, 'KFM', [0x10, 0x20, 0x30, 0x40, 0x50])),
)
export const IN_HDLC = hdlc([3, 0x21, 0x10, 0, 0], [0xe6, 0xe6, 0], ASSOCIATE)

const HOST = derOid('2.16.124.113620.1')
const METER = der(0x80, [0x8f, 0x50, 7])
const meterMessage = (service: readonly number[]): Uint8Array =>
  der(
    0x60,
    der(0xa2, METER),
    der(0xa6, HOST),
    der(0xa8, der(0x02, [0x13, 0xe8])),
    der(0xbe, der(0x28, der(0x81, 0x80, service.length, service))),
  )
export const IDENTIFY = meterMessage([0x20])
export const WRITE = meterMessage([0x40, 0, 5])

const sample = (
  protocol: string,
  over: Dissector['over'],
  from: Side,
  bytes: Uint8Array,
): Sample => ({ protocol, over, from, bytes })

export const SAMPLES: readonly Sample[] = [
  sample('roc-plus', 'tcp', 'client', ROC_READ),
  sample('genisys', 'tcp', 'client', POLL),
  sample('genisys', 'tcp', 'server', INDICATION),
  sample('dlms', 'tcp', 'client', IN_HDLC),
  sample('dlms', 'tcp', 'server', wrapped(ASSOCIATED)),
  sample('dlms', 'udp', 'client', wrapped(ASSOCIATE)),
  sample('c1222', 'tcp', 'client', IDENTIFY),
  sample('c1222', 'udp', 'client', WRITE),
]
