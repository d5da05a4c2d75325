import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'

const SOH = 0x01
const STX = 0x02
const EOT = 0x04
const ACK = 0x06
const NAK = 0x15
const LONGEST = 99_999
const LONGEST_READ = 65_536
const HEAD = 7
const MOST_VALUES = 1024

/** Bed, then two numbers, before what is said. */
const ADDRESSED = /^[^/\r\n]{0,40}\/\d{1,3}\/\d{1,3}>/
/** Pumps of a rack by their address: pillar and place. */
const ADDRESS = /^\d{5}$/
const NUMBER = /^-?\d{1,7}(?:\.\d{1,4})?$/
/** Parameters that describe a pump or what it does; those of the patient are not in this list. */
const PARAMETER = table<readonly [string, RegExp]>({
  DSSTATUS: ['bcc.rack-state', /^000(?:50|51)$/],
  INDTNR: ['bcc.device-type', /^[\w.-]{1,20}$/],
  INNR: ['bcc.device-id', /^[0-9A-Fa-f]{1,16}$/],
  INRT: ['bcc.rate', NUMBER],
  INSERNUM: ['bcc.serial', /^[\w.-]{1,24}$/],
  INSOL: ['bcc.drug', /^.{1,64}$/],
  INSOLSN: ['bcc.drug-short', /^.{1,32}$/],
  INSTBY: ['bcc.standby', /^\d{1,6}$/],
  RUNSTATE: ['bcc.run-state', /^[\w.-]{1,16}$/],
})

/**
 * B. Braun BCC between a rack of infusion pumps and its reader: serial numbers, device types, and of infusions drug,
 * rate and state. Patient, weight and order are never read.
 */
export const bcc: Dissector = {
  protocol: 'bcc',
  over: 'tcp',
  firstBytes: [SOH, ACK, NAK],
  appetite: 256,
  looksLike,

  length(stream) {
    const first = stream.peek()
    if (first === ACK || first === NAK || first === 0x0d || first === 0x0a) return 1
    if (first !== SOH) return -1
    // Stuffing lengthens what the stated length counts: the end mark says where a block ends.
    const window = stream.bytes.subarray(stream.position, stream.end)
    const end = window.indexOf(EOT)
    if (end >= 0) return end + 1
    return window.length < LONGEST ? 0 : -1
  },

  *dissect(message, { from }) {
    const bytes = message.view(message.remaining)
    if (bytes[0] !== SOH) return
    const info = infoOf(bytes)
    if (info === undefined) {
      message.ok = false
      return
    }
    yield { subject: 'client', field: 'bcc.transport', value: 'cleartext' }
    yield { subject: 'server', field: 'bcc.transport', value: 'cleartext' }
    const request = /^(?:ADMIN:(?:ALIVE|VERSION)|MEM:GET)\b/.exec(info)?.[0]
    if (request !== undefined) yield { subject: from, field: 'bcc.request', value: request }
    else yield* valueFacts(info, from)
  },
}

function looksLike(message: Cursor): Likeness {
  const { bytes, position, end } = message
  if (message.peek() !== SOH) return message.remaining === 1 ? 'incomplete' : 'no'
  const head = characters(bytes, position + 1, Math.min(end, position + 6))
  if (!/^\d{0,5}$/.test(head)) return 'no'
  if (head.length < 5 || message.remaining < 12) return 'incomplete'
  if (message.peek(6) !== STX) return 'no'
  const start = characters(bytes, position + HEAD, Math.min(end, position + HEAD + 64))
  return ADDRESSED.test(start) ? 'strong' : start.length < 50 ? 'incomplete' : 'no'
}

/**
 * What a block says, without its address. Where it is longer than it says, letters are stuffed; undefined when it has
 * no end of text or the sum of all its bytes up to there is another than it says.
 */
function infoOf(bytes: Uint8Array): string | undefined {
  const whole = characters(bytes, 0, Math.min(bytes.length, LONGEST_READ))
  const isStuffed = Number(whole.slice(1, 6)) !== whole.length
  const block = isStuffed
    ? whole.replaceAll(/E[XE]|e[xe]/g, (pair) => STUFFED[pair] ?? pair)
    : whole
  // oxlint-disable-next-line no-control-regex
  const end = block.search(/[\u0003\u0017]\d{5}\u0004$/)
  if (end < HEAD) return undefined
  let sum = 0
  for (let at = 0; at <= end; at++) sum = (sum + block.charCodeAt(at)) & 0xff
  if (Number(block.slice(end + 1, end + 6)) !== sum) return undefined
  const start = block.indexOf('>')
  return start < 0 || start > 64 ? undefined : block.slice(start + 1, end)
}

const STUFFED = table<string>({ EX: 'D', EE: 'E', ex: 'd', ee: 'e' })

/** Quadruples of time, address, parameter and value, each before a record separator. */
function* valueFacts(info: string, from: Side): Generator<Fact> {
  const serials = new Map<string, string>()
  const quadruples = info
    .split('\u001e', MOST_VALUES)
    .map((one) => one.split(','))
    .filter(([, address = '']) => ADDRESS.test(address))
  for (const [, address = '', name, value = ''] of quadruples) {
    if (name === 'INSERNUM' && PARAMETER['INSERNUM']![1].test(value)) serials.set(address, value)
  }
  for (const [, address = '', name = '', ...rest] of quadruples) {
    const value = rest.join(',').trim()
    const [field, shape] = PARAMETER[name] ?? []
    if (field === undefined || value === '_NV' || !shape?.test(value)) continue
    const pump = serials.get(address)
    const isOwn = name === 'INSERNUM' || name === 'DSSTATUS' || pump === undefined
    yield* factOf(from, field, isOwn ? value : `${pump} ${value}`)
  }
}
