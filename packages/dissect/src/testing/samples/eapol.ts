import { be16, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export function eapolMessage(type: number, ...body: readonly Part[]): Uint8Array {
  const bytes = bytesOf(...body)
  return bytesOf(2, type, be16(bytes.length), bytes)
}

/** A message of EAP: 1 asks, 2 answers, 3 lets in, 4 does not. */
export function eapMessage(code: number, ...data: readonly Part[]): Uint8Array {
  const bytes = bytesOf(...data)
  return eapolMessage(0, code, 41, be16(bytes.length + 4), bytes)
}

export const START = eapolMessage(1)
export const COMPUTER = eapMessage(2, 1, 'host/pump-server.hospital.example')
export const PERSON = eapMessage(2, 1, 'HOSPITAL\\nurse')
export const ASKS_FOR_TLS = eapMessage(1, 13, 0x20)
export const WANTS_OTHERS = eapMessage(2, 3, 25, 21, 0)
export const SETUP = eapMessage(1, 254, [0, 0x37, 0x2a], [0, 0, 0, 1], 1, 0)

export const SAMPLES: readonly Sample[] = [
  START,
  COMPUTER,
  PERSON,
  ASKS_FOR_TLS,
  WANTS_OTHERS,
  SETUP,
].map((bytes) => ({ protocol: 'eapol', over: 'ethernet', from: 'client', bytes }))
