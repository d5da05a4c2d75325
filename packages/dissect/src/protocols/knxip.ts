import { hexText, hostIp, stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const HEADER = 6
const VERSION = 0x10
const LONGEST = 2048
const MOST_BLOCKS = 32

/** Service types (KNX 3.8.1 §5.2). */
const SERVICES: Readonly<Record<number, string>> = {
  0x0201: 'search',
  0x0202: 'search-response',
  0x0203: 'description',
  0x0204: 'description-response',
  0x0205: 'connect',
  0x0206: 'connect-response',
  0x0207: 'connection-state',
  0x0208: 'connection-state-response',
  0x0209: 'disconnect',
  0x020a: 'disconnect-response',
  0x020b: 'search-extended',
  0x020c: 'search-response-extended',
  0x0310: 'device-configuration',
  0x0311: 'device-configuration-ack',
  0x0420: 'tunnelling',
  0x0421: 'tunnelling-ack',
  0x0422: 'tunnelling-feature-get',
  0x0423: 'tunnelling-feature-response',
  0x0424: 'tunnelling-feature-set',
  0x0425: 'tunnelling-feature-info',
  0x0530: 'routing',
  0x0531: 'routing-lost-message',
  0x0532: 'routing-busy',
  0x0533: 'routing-system-broadcast',
  0x0740: 'remote-diagnostic',
  0x0741: 'remote-diagnostic-response',
  0x0742: 'remote-basic-configuration',
  0x0743: 'remote-reset',
  0x0950: 'secure-wrapper',
  0x0951: 'session',
  0x0952: 'session-response',
  0x0953: 'session-authenticate',
  0x0954: 'session-status',
  0x0955: 'timer-notify',
}
const SEARCH_RESPONSES: readonly number[] = [0x0202, 0x020c]
const DESCRIPTION_RESPONSE = 0x0204
const ROUTING = 0x0530
/** Services whose telegram stands after a header of four octets for the connection. */
const CONNECTED: readonly number[] = [0x0310, 0x0420]

const MEDIA: Readonly<Record<number, string>> = {
  2: 'twisted pair',
  4: 'power line',
  16: 'radio',
  32: 'IP',
}
const FAMILIES: Readonly<Record<number, string>> = {
  2: 'core',
  3: 'device management',
  4: 'tunnelling',
  5: 'routing',
  6: 'remote logging',
  7: 'remote configuration',
  8: 'object server',
  9: 'security',
}
const BLOCK = { device: 1, families: 2, currentAddress: 4, extended: 8 } as const

/** Application services of a telegram that say who reads and who commands (KNX 3.3.7 §3). */
const TELEGRAMS: Readonly<Record<number, string>> = {
  0: 'group-read',
  1: 'group-response',
  2: 'group-write',
  3: 'individual-address-write',
  4: 'individual-address-read',
  6: 'adc-read',
  8: 'memory-read',
  10: 'memory-write',
  12: 'device-descriptor-read',
  14: 'restart',
  15: 'extended',
}
const LINK_DATA: readonly number[] = [0x11, 0x29, 0x2e]

/** KNXnet/IP over UDP: what a router or interface of a KNX installation says it is, and who commands the bus. */
export const knxip: Dissector = {
  protocol: 'knxip',
  over: 'udp',
  ports: [3671],
  firstBytes: [HEADER],
  appetite: Infinity,
  looksLike: (message) => likeness(message, message.remaining),
  dissect: facts,
}

/** KNXnet/IP over TCP (version 2 of its core). */
export const knxipTcp: Dissector = {
  protocol: 'knxip',
  over: 'tcp',
  ports: [3671],
  firstBytes: [HEADER],
  appetite: Infinity,
  looksLike: (message) => likeness(message, 0),
  length(stream) {
    if (stream.remaining < HEADER) return stream.peek() === HEADER ? 0 : -1
    const length = (stream.peek(4) << 8) | stream.peek(5)
    const isWhole = length >= HEADER && length <= LONGEST && stream.peek() === HEADER
    return isWhole && stream.peek(1) === VERSION ? length : -1
  },
  dissect: facts,
}

/** `total` is the length that the header must give, or 0 where more may follow. */
function likeness(message: Cursor, total: number): Likeness {
  if (message.u8() !== HEADER || message.u8() !== VERSION) return 'no'
  const service = message.u16()
  const length = message.u16()
  if (!message.ok) return total === 0 ? 'incomplete' : 'no'
  const isWhole = total === 0 ? length >= HEADER && length <= LONGEST : length === total
  return isWhole && SERVICES[service] !== undefined ? 'strong' : 'no'
}

function* facts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const service = message.skip(2).u16()
  message.skip(2)
  yield* factOf(from, 'knxip.service', SERVICES[service])
  if (SEARCH_RESPONSES.includes(service)) {
    message.skip(8)
    yield* blockFacts(message, from)
  } else if (service === DESCRIPTION_RESPONSE) yield* blockFacts(message, from)
  else if (CONNECTED.includes(service)) {
    message.skip(message.peek())
    yield* telegramFacts(message, from)
  } else if (service === ROUTING) yield* telegramFacts(message, from)
}

/** Description blocks: length, type, contents (KNX 3.8.2 §7.5.4). */
function* blockFacts(message: Cursor, from: Side): Generator<Fact> {
  for (let left = MOST_BLOCKS; left > 0 && message.remaining >= 2; left--) {
    const length = message.u8()
    const type = message.u8()
    if (length < 2) return
    const block = message.take(length - 2)
    if (!block.ok) return
    if (type === BLOCK.device) yield* deviceFacts(block, from)
    else if (type === BLOCK.families) yield* factOf(from, 'knxip.services', familiesOf(block))
    else if (type === BLOCK.currentAddress) {
      yield* factOf(from, 'knxip.address', hostIp(block.view(4)))
    } else if (type === BLOCK.extended) {
      const mask = block.skip(4).u16()
      if (block.ok)
        yield* factOf(from, 'knxip.device-descriptor', mask.toString(16).padStart(4, '0'))
    }
  }
}

function* deviceFacts(block: Cursor, from: Side): Generator<Fact> {
  const medium = block.u8()
  const isProgramming = (block.u8() & 1) === 1
  const individual = individualAddress(block.u16())
  block.skip(2)
  const serial = block.view(6)
  block.skip(4)
  const mac = stationMac(block.view(6))
  const name = block.text(30)
  if (!block.ok) return
  yield* factOf(from, 'knxip.friendly-name', name)
  yield* factOf(from, 'knxip.individual-address', individual)
  yield* factOf(from, 'knxip.mac', mac)
  yield* factOf(from, 'knxip.medium', MEDIA[medium])
  if (serial.some((byte) => byte !== 0)) {
    yield* factOf(from, 'knxip.serial', hexText(serial))
    yield* factOf(from, 'knxip.manufacturer-id', hexText(serial.subarray(0, 2)))
  }
  if (isProgramming) yield { subject: from, field: 'knxip.programming-mode', value: 'yes' }
}

function familiesOf(block: Cursor): string {
  const families: string[] = []
  while (block.remaining >= 2) {
    const family = block.u8()
    families.push(`${FAMILIES[family] ?? family} ${block.u8()}`)
  }
  return families.join(', ')
}

/** Area, line and device. */
function individualAddress(address: number): string {
  return `${address >> 12}.${(address >> 8) & 15}.${address & 255}`
}

/** A telegram as cEMI: code, additional information, two control octets, source, target, length, service. */
function* telegramFacts(message: Cursor, from: Side): Generator<Fact> {
  if (!LINK_DATA.includes(message.u8())) return
  message.skip(message.u8()).skip(2)
  const source = message.u16()
  const isData = message.skip(2).u8() > 0
  const code = (message.u16() >> 6) & 15
  if (!message.ok || !isData) return
  yield* factOf(from, 'knxip.telegram', TELEGRAMS[code])
  if (source !== 0) yield* factOf(from, 'knxip.telegram-source', individualAddress(source))
}
