import type { Dissector, Side } from '../../dissector.ts'
import { bytesOf } from '../frames.ts'

/** One whole message made by hand: seed of the hostile test, and input of the protocol's own test. */
export interface Sample {
  readonly protocol: string
  readonly over: Dissector['over']
  readonly from: Side
  readonly bytes: Uint8Array
}

/** Makes samples of text of one protocol. */
export const textSamples =
  (protocol: string, over: Dissector['over']) =>
  (from: Side, text: string): Sample => ({ protocol, over, from, bytes: bytesOf(text) })
