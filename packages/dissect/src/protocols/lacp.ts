import { stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'

const LACP = 1
const TLV = { actor: 1, partner: 2 } as const
const TLV_LENGTH = 20
/** Bits of a state (IEEE 802.1AX-2014 §6.4.2.3). */
const ACTIVE = 0x01
const SHORT_TIMEOUT = 0x02

/** Link aggregation (IEEE 802.1AX): which systems a bundle of links joins. */
export const lacp: Dissector = {
  protocol: 'lacp',
  over: 'ethernet',
  // The slow protocols, of which LACP is one: the others are OAM, markers and time of passive networks.
  etherTypes: [0x8809],
  appetite: Infinity,

  looksLike(message) {
    const subtype = message.u8()
    const version = message.u8()
    const isActor = message.u8() === TLV.actor && message.u8() === TLV_LENGTH
    return message.ok && subtype === LACP && version > 0 && isActor ? 'strong' : 'no'
  },

  *dissect(message) {
    const actor = readSystem(message.skip(2), TLV.actor)
    if (actor === undefined) return
    yield* actorFacts(actor)
    // A system that is alone fills its partner with zeros.
    const partner = readSystem(message, TLV.partner)
    yield* factOf('client', 'lacp.partner-system', partner?.system)
  },
}

interface AggregatedPort {
  /** Priority and MAC. */
  readonly system: string | undefined
  readonly port: number
  readonly state: number
}

/** Actor and partner are told alike (IEEE 802.1AX-2014 §6.4.2.3). */
function readSystem(message: Cursor, type: number): AggregatedPort | undefined {
  if (message.u8() !== type || message.u8() !== TLV_LENGTH) return undefined
  const priority = message.u16()
  const mac = stationMac(message.view(6))
  // Key, priority of the port.
  const port = message.skip(4).u16()
  const state = message.u8()
  message.skip(3)
  const system = mac === undefined ? undefined : `${priority} ${mac}`
  return message.ok ? { system, port, state } : undefined
}

function* actorFacts({ system, port, state }: AggregatedPort): Generator<Fact> {
  yield* factOf('client', 'lacp.system', system)
  yield* factOf('client', 'lacp.port', String(port))
  yield* factOf('client', 'lacp.mode', (state & ACTIVE) !== 0 ? 'active' : 'passive')
  yield* factOf('client', 'lacp.rate', (state & SHORT_TIMEOUT) !== 0 ? 'fast' : 'slow')
}
