import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

const KEYS =
  'InitiatorName=iqn.1993-08.org.debian:01:pacs\0TargetName=iqn.2026-01.example:store\0CHAP_N=maria\0'
export const LOGIN = bytesOf(
  [0x43, 0x87, 0, 0, 0, 0, 0, KEYS.length],
  new Uint8Array(40),
  KEYS,
  new Uint8Array(-KEYS.length & 3),
)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'iscsi', over: 'tcp', from: 'client', bytes: LOGIN },
]
