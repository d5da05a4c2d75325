import type { Dissector, Side } from '../../dissector.ts'

/** One whole message made by hand: seed of the hostile test, and input of the protocol's own test. */
export interface Sample {
  readonly protocol: string
  readonly over: Dissector['over']
  readonly from: Side
  readonly bytes: Uint8Array
}
