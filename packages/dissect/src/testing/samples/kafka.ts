import { be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A request with its header (Kafka protocol guide, request header 1). */
export function request(
  key: number,
  version: number,
  id: string,
  ...parts: readonly Part[]
): Uint8Array {
  const body = bytesOf(be16(key), be16(version), be32(1), be16(id.length), id, ...parts)
  return bytesOf(be32(body.length), body)
}
export const VERSIONS = request(18, 3, 'pump-feed', 0, 18, 'apache-kafka-java', 6, '2.8.0', 0)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'kafka', over: 'tcp', from: 'client', bytes: VERSIONS },
  { protocol: 'kafka', over: 'tcp', from: 'client', bytes: request(3, 1, 'pump-feed', be32(0)) },
]
