import { hexText, hostIp } from '../address.ts'
import { utf8, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const MOST_BLOCKS = 64
/** Frame identifiers of DCP: hello, get and set, identify request, identify response (IEC 61158-6-10 §4.3). */
const HELLO = 0xfefc
const IDENTIFY_RESPONSE = 0xfeff
const SET_SERVICE = 4
const CYCLIC = { first: 0x8000, last: 0xfbff } as const
const ALARMS: readonly number[] = [0xfc01, 0xfe01]

const IP_OPTION = 1
const DEVICE_OPTION = 2
const CONTROL_OPTION = 5
const FACTORY_RESETS: readonly number[] = [5, 6]

const TEXTS: Readonly<Record<number, string>> = {
  1: 'profinet.station-type',
  2: 'profinet.station-name',
  6: 'profinet.alias',
}
const ROLES = ['IO device', 'IO controller', 'IO multidevice', 'PN supervisor']

/** PROFINET on the link: what devices answer to a discovery, and who gives them names and addresses (DCP). */
export const profinet: Dissector = {
  protocol: 'profinet',
  over: 'ethernet',
  etherTypes: [0x8892],
  appetite: Infinity,

  looksLike(message) {
    const frame = message.u16()
    const isKnown = isDcp(frame) || isCyclic(frame) || ALARMS.includes(frame)
    return message.ok && isKnown ? 'strong' : 'no'
  },

  *dissect(message) {
    const frame = message.u16()
    if (!isDcp(frame)) {
      const value = isCyclic(frame) ? 'cyclic data' : 'alarms'
      yield { subject: 'client', field: 'profinet.sends', value }
      return
    }
    const service = message.u8()
    const isAnswer = (message.u8() & 1) === 1
    message.skip(6)
    const body = message.take(message.u16())
    if (!body.ok) return
    if (service === SET_SERVICE && !isAnswer) yield* setFacts(body)
    else if (isAnswer || frame === HELLO) yield* deviceFacts(body)
  },
}

function isDcp(frame: number): boolean {
  return frame >= HELLO && frame <= IDENTIFY_RESPONSE
}

function isCyclic(frame: number): boolean {
  return frame >= CYCLIC.first && frame <= CYCLIC.last
}

/** Option, suboption, length, two octets of information, value; the next begins at an even place. */
function* blocks(body: Cursor): Generator<{ option: number; suboption: number; value: Cursor }> {
  for (let left = MOST_BLOCKS; left > 0 && body.remaining >= 4; left--) {
    const option = body.u8()
    const suboption = body.u8()
    const length = body.u16()
    const block = body.take(length)
    if (length % 2 === 1 && body.remaining > 0) body.skip(1)
    if (block.ok && length >= 2) yield { option, suboption, value: block.skip(2) }
  }
}

function* deviceFacts(body: Cursor): Generator<Fact> {
  for (const { option, suboption, value } of blocks(body)) {
    if (option === IP_OPTION && suboption === 2) yield* addressFacts(value, 'client')
    else if (option === DEVICE_OPTION) yield* propertyFacts(suboption, value)
  }
}

function* propertyFacts(suboption: number, value: Cursor): Generator<Fact> {
  const text = TEXTS[suboption]
  if (text !== undefined) yield* factOf('client', text, utf8(value.view(value.remaining)))
  else if (suboption === 3) {
    const vendor = hexText(value.view(2))
    const device = hexText(value.view(2))
    yield* factOf('client', 'profinet.vendor-id', vendor)
    yield* factOf('client', 'profinet.device-id', device)
  } else if (suboption === 4) {
    const bits = value.u8()
    const roles = ROLES.filter((_, at) => ((bits >> at) & 1) === 1)
    yield* factOf('client', 'profinet.role', roles.join(', '))
  }
}

function* addressFacts(value: Cursor, subject: Side): Generator<Fact> {
  yield* factOf(subject, 'profinet.address', hostIp(value.view(4)))
  value.skip(4)
  yield* factOf(subject, 'profinet.gateway', hostIp(value.view(4)))
}

/** A set goes to one device, by its MAC: it tells who commands, and what the device is called from now on. */
function* setFacts(body: Cursor): Generator<Fact> {
  for (const { option, suboption, value } of blocks(body)) {
    yield* factOf('client', 'profinet.sets', nameOfSet(option, suboption))
    if (option === IP_OPTION && suboption === 2) yield* addressFacts(value, 'server')
    if (option === DEVICE_OPTION && suboption === 2) {
      yield* factOf('server', 'profinet.station-name', utf8(value.view(value.remaining)))
    }
  }
}

function nameOfSet(option: number, suboption: number): string | undefined {
  if (option === IP_OPTION) return 'address'
  if (option === DEVICE_OPTION && suboption === 2) return 'name'
  if (option !== CONTROL_OPTION) return undefined
  if (FACTORY_RESETS.includes(suboption)) return 'factory reset'
  return suboption === 3 ? 'blink' : undefined
}
