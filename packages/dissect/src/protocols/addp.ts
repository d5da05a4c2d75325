import { hostIp, stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, FactSubject, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const MOST_FIELDS = 40
const DISCOVERED = 2
/** What is asked for; answers have the next even number. */
const REQUEST: Readonly<Record<number, string>> = {
  1: 'discover',
  3: 'static-configuration',
  5: 'reboot',
  7: 'dhcp-configuration',
}
const TEXT: Readonly<Record<number, string>> = {
  0x04: 'addp.network-name',
  0x08: 'addp.firmware',
  0x0d: 'addp.model',
}
const FIELD = { mac: 0x01, ip: 0x02, hardware: 0x07, ports: 0x12 } as const

/**
 * Advanced Device Discovery Protocol of Digi serial gateways over UDP: MAC, address, model, firmware, name. Passwords in
 * requests are not read.
 */
export const addp: Dissector = {
  protocol: 'addp',
  over: 'udp',
  ports: [2362],
  firstBytes: [0x44],
  appetite: 16,

  looksLike(message) {
    if (!message.startsWith('DIGI')) return 'no'
    const size = (message.peek(6) << 8) | message.peek(7)
    return message.peek(4) === 0 && size === message.remaining - 8 ? 'strong' : 'no'
  },

  *dissect(message, { from }) {
    const isOwn = message.startsWith('DIGI')
    const kind = message.skip(4).u16()
    const body = message.take(message.u16())
    if (!isOwn || !message.ok) return
    yield* factOf(from, 'addp.request', REQUEST[kind])
    if (kind === DISCOVERED) yield* deviceFacts(body, from)
  },
}

function* deviceFacts(body: Cursor, from: Side): Generator<Fact> {
  const fields = new Map<number, Cursor>()
  while (body.remaining >= 2 && fields.size < MOST_FIELDS) {
    const code = body.u8()
    const value = body.take(body.u8())
    if (value.ok) fields.set(code, value)
  }
  const mac = stationMac(fields.get(FIELD.mac)?.view(6) ?? new Uint8Array(0))
  const ip = hostIp(fields.get(FIELD.ip)?.view(4) ?? new Uint8Array(0))
  const subject: FactSubject = mac === undefined ? from : ip === undefined ? { mac } : { mac, ip }
  if (ip !== undefined) yield { subject, field: 'addp.address', value: ip }
  for (const [code, field] of Object.entries(TEXT)) {
    const value = fields.get(Number(code))
    yield* factOf(subject, field, value?.text(value.remaining))
  }
  const hardware = fields.get(FIELD.hardware)
  if (hardware) yield* factOf(subject, 'addp.hardware', String(hardware.u8()))
  const ports = fields.get(FIELD.ports)
  if (ports) yield* factOf(subject, 'addp.serial-ports', String(ports.u8()))
}
