import { hexText } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const VERSION = 4
const HEADER = 80
const REQUEST = 0
const RESPONSE = 2
/** Lengths and counts before the blocks. */
const ARGUMENTS = 20
const READ_HEADER = 64
const BLOCK = { connect: 0x0101, readAnswer: 0x8009, identification: 0x0020 } as const

/** The interface's identifier after its first eight octets, whose order the sender chooses (IEC 61158-6-10 §4.10). */
const INTERFACE = '827100a02442df7d'
const LITTLE = 0x10

/** PROFINET IO's context management: which controller drives which device, and what the device says it is. */
export const profinetIo: Dissector = {
  protocol: 'profinet',
  over: 'udp',
  ports: [34964],
  firstBytes: [VERSION],
  appetite: 64,

  looksLike(message) {
    if (message.remaining < HEADER || message.peek() !== VERSION) return 'no'
    const isLittle = (message.peek(4) & LITTLE) !== 0
    message.skip(24)
    const first = isLittle ? message.u32le() : message.u32()
    const isMine = first >= 0xdea00001 && first <= 0xdea00004
    return isMine && hexText(message.skip(4).view(8)) === INTERFACE ? 'strong' : 'no'
  },

  *dissect(message, context) {
    const type = message.skip(1).u8()
    message.skip(18)
    // Object identifiers end with instance, device and vendor of the device, whoever sends them.
    const device = deviceSide(type, context)
    const deviceId = hexText(message.view(2))
    const vendorId = hexText(message.view(2))
    message.skip(HEADER - 24)
    if (!message.ok || device === undefined) return
    yield* factOf(device, 'profinet.vendor-id', vendorId)
    yield* factOf(device, 'profinet.device-id', deviceId)
    const body = message.take(message.remaining).skip(ARGUMENTS)
    const block = body.u16()
    if (block === BLOCK.connect) yield* controllerFacts(body, type, context)
    else if (block === BLOCK.readAnswer && type === RESPONSE) {
      body.skip(READ_HEADER - 2)
      if (body.u16() === BLOCK.identification) yield* identificationFacts(body, device)
    }
  },
}

/** The device is called and answers; both ends may send from ports of their own. */
function deviceSide(type: number, { from }: MessageContext): Side | undefined {
  if (type === RESPONSE) return from
  return type === REQUEST ? other(from) : undefined
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}

/** The block that asks for a relation ends with the controller's name. */
function* controllerFacts(
  message: Cursor,
  type: number,
  { from }: MessageContext,
): Generator<Fact> {
  if (type !== REQUEST) return
  yield { subject: from, field: 'profinet.role', value: 'IO controller' }
  message.skip(54)
  yield* factOf(from, 'profinet.station-name', message.text(message.u16()))
}

/** I&M 0: vendor, order number, serial number, revision of hardware and software. */
function* identificationFacts(message: Cursor, device: Side): Generator<Fact> {
  message.skip(6)
  const order = message.text(20)
  const serial = message.text(16)
  const hardware = message.u16()
  const prefix = message.text(1)
  const software = [...message.view(3)].join('.')
  if (!message.ok) return
  yield* factOf(device, 'profinet.order-number', order)
  yield* factOf(device, 'profinet.serial', serial)
  yield* factOf(device, 'profinet.hardware-revision', String(hardware))
  yield* factOf(device, 'profinet.software-revision', `${prefix}${software}`)
}
