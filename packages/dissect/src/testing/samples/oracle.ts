import { be16, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export function packet(type: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(be16(body.length + 8), be16(0), type, 0, be16(0), body)
}

export const CONNECT = packet(
  1,
  new Uint8Array(50),
  '(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=pacs)(CID=(PROGRAM=C:\\ward\\viewer.exe)',
  '(HOST=WS-12)(USER=maria)))(ADDRESS=(PROTOCOL=TCP)(HOST=10.0.0.9)(PORT=1521)))',
)
export const REFUSE = packet(4, [4, 0], be16(70), '(DESCRIPTION=(ERR=12514)(VSNNUM=318767104))')

export const SAMPLES: readonly Sample[] = [
  { protocol: 'oracle', over: 'tcp', from: 'client', bytes: CONNECT },
  { protocol: 'oracle', over: 'tcp', from: 'server', bytes: REFUSE },
]
