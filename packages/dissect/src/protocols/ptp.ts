import { hexText, stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const HEADER_LENGTH = 34
const PORTS: readonly number[] = [319, 320]
const ANNOUNCE = 0x0b
/** Message types and their lengths without what may follow (IEEE 1588-2019 §13). */
const MESSAGES: Readonly<Record<number, readonly [string, number]>> = {
  0x0: ['sync', 44],
  0x1: ['delay-request', 44],
  0x2: ['peer-delay-request', 54],
  0x3: ['peer-delay-response', 54],
  0x8: ['follow-up', 44],
  0x9: ['delay-response', 54],
  0xa: ['peer-delay-follow-up', 54],
  [ANNOUNCE]: ['announce', 64],
  0xc: ['signaling', 44],
  0xd: ['management', 48],
}
/** Where a grandmaster has its time from (IEEE 1588-2019 table 6). */
const SOURCES: Readonly<Record<number, string>> = {
  0x10: 'atomic-clock',
  0x20: 'gnss',
  0x30: 'terrestrial-radio',
  0x40: 'ptp',
  0x50: 'ntp',
  0x60: 'hand-set',
  0x90: 'other',
  0xa0: 'internal-oscillator',
}

/** Precision Time Protocol, version 2 (IEEE 1588), over UDP: clocks, and who leads them. */
export const ptp: Dissector = {
  protocol: 'ptp',
  over: 'udp',
  ports: PORTS,
  appetite: 12,

  looksLike(message, { serverPort, clientPort }) {
    const isPort = PORTS.includes(serverPort) || PORTS.includes(clientPort)
    return isPort ? likeness(message) : 'no'
  },

  dissect: (message, { from }) => messageFacts(message, from),
}

/** The same straight over Ethernet (IEEE 1588-2019 annex E, IEEE 802.1AS). */
export const ptpEthernet: Dissector = {
  ...ptp,
  over: 'ethernet',
  etherTypes: [0x88f7],
  looksLike: (message) => likeness(message),
}

function likeness(message: Cursor): Likeness {
  const known = MESSAGES[message.peek() & 0x0f]
  const length = (message.peek(2) << 8) | message.peek(3)
  const isVersion = (message.peek(1) & 0x0f) === 2
  if (known === undefined || !isVersion || length < known[1]) return 'no'
  return length <= message.remaining ? 'strong' : 'no'
}

function* messageFacts(message: Cursor, from: Side): Generator<Fact> {
  const known = MESSAGES[message.peek() & 0x0f]
  if (known === undefined || message.remaining < known[1]) return
  const domain = message.peek(4)
  const identity = message.skip(20).view(8)
  message.skip(HEADER_LENGTH - 28)
  yield* factOf(from, 'ptp.message', known[0])
  yield* factOf(from, 'ptp.domain', String(domain))
  yield* factOf(from, 'ptp.clock-identity', hexText(identity))
  yield* factOf(from, 'ptp.clock-mac', macOf(identity))
  if (known[0] !== MESSAGES[ANNOUNCE]![0]) return
  const priority = message.skip(13).u8()
  const clockClass = message.u8()
  const grandmaster = message.skip(4).view(8)
  const source = message.skip(2).u8()
  yield* factOf(from, 'ptp.grandmaster', hexText(grandmaster))
  yield* factOf(from, 'ptp.grandmaster-class', String(clockClass))
  yield* factOf(from, 'ptp.grandmaster-priority', String(priority))
  yield* factOf(from, 'ptp.time-source', SOURCES[source])
}

/** The MAC inside an identity that was made of one (EUI-64 with ff:fe in its middle). */
function macOf(identity: Uint8Array): string | undefined {
  if (identity[3] !== 0xff || identity[4] !== 0xfe) return undefined
  return stationMac(Uint8Array.of(...identity.subarray(0, 3), ...identity.subarray(5)))
}
