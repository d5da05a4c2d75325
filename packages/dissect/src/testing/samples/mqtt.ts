import type { Side } from '../../dissector.ts'
import { be16, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** Text after its length. */
export const string = (text: string): Uint8Array => bytesOf(be16(text.length), text)

/** A packet shorter than 16,384 bytes. */
export function packet(first: number, ...value: readonly Part[]): Uint8Array {
  const body = bytesOf(...value)
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7]
  return bytesOf(first, length, body)
}

export const CONNECT = packet(
  0x10,
  string('MQTT'),
  [4, 0xc6],
  be16(60),
  string('pump-gw-17'),
  string('gateway/17/state'),
  string('offline'),
  string('svc-pump'),
  string('s3cret'),
)

export const CONNECT_V5 = packet(
  0x10,
  string('MQTT'),
  [5, 0x02],
  be16(60),
  [5, 0x11, 0, 0, 0, 60],
  string(''),
)

export const CONNACK = packet(0x20, [0, 0])
export const CONNACK_V5 = packet(0x20, [0, 0], 9, 0x12, string('auto-1'))
export const REFUSED = packet(0x20, [0, 5])
export const PUBLISH = packet(0x30, string('icu/3/vent/vital'), '{"mv":7}')
export const SUBSCRIBE = packet(0x82, be16(1), string('icu/+/alarm'), 1, string('ota/#'), 0)

const sample = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'mqtt',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', CONNECT),
  sample('client', CONNECT_V5),
  sample('server', CONNACK),
  sample('server', CONNACK_V5),
  sample('client', PUBLISH),
  sample('client', SUBSCRIBE),
]
