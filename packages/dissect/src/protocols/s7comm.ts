import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'
import { identityFacts, IDENTITY_LISTS } from './s7comm-identity.ts'
import { isS7PlusData, s7PlusFacts } from './s7comm-plus.ts'
import { likenessOfData, newWaiting, readUserData, TPKT, tpktLength } from './tpkt.ts'

const MAGIC = 0x32
const KIND = { job: 1, ack: 2, ackData: 3, userData: 7 } as const
const USER_DATA_HEAD = 0x000112
const READ_LIST = '4/1'
const PLC_CONTROL = 0x28

/** First octet of the parameters of a job. */
const JOBS: Readonly<Record<number, string>> = {
  0x00: 'cpu-services',
  0x04: 'read-variable',
  0x05: 'write-variable',
  0x1a: 'request-download',
  0x1b: 'download-block',
  0x1c: 'end-download',
  0x1d: 'start-upload',
  0x1e: 'upload-block',
  0x1f: 'end-upload',
  0x28: 'plc-control',
  0x29: 'plc-stop',
  0xf0: 'setup-communication',
}
/** Group and function of user data. */
const USER_DATA = table<string>({
  '3/1': 'list-blocks',
  '3/2': 'list-blocks',
  '3/3': 'block-info',
  '4/1': 'read-system-status',
  '5/1': 'password',
  '7/1': 'read-clock',
  '7/2': 'set-clock',
  '7/3': 'read-clock',
  '7/4': 'set-clock',
})
const GROUPS: Readonly<Record<number, string>> = {
  0: 'mode-transition',
  1: 'programmer',
  2: 'cyclic-data',
  3: 'blocks',
  4: 'cpu-services',
  5: 'password',
  6: 'block-transfer',
  7: 'clock',
  15: 'numerical-control',
}

/** S7comm: which functions are asked of a Siemens controller, and what its module identification says. */
export const s7comm: Dissector = {
  protocol: 's7comm',
  over: 'tcp',
  firstBytes: [TPKT],
  appetite: Infinity,
  looksLike: (message) => likenessOfData(message, isS7Data),
  length: tpktLength,
  *dissect(message, context) {
    const state = stateOf(context)
    const data = readUserData(message, context, state.waiting)
    if (data === undefined) return
    // Engineering tools greet in the old protocol and go on in the new one.
    if (isS7PlusData(data)) {
      context.carries('s7comm-plus')
      yield* s7PlusFacts(data, context)
    } else yield* s7Facts(data, context)
  },
}

interface State {
  readonly waiting: ReturnType<typeof newWaiting>
  /** Parts of a list that is told in several answers. */
  readonly parts: Uint8Array[]
}

function stateOf(context: MessageContext): State {
  return (context.state ??= { waiting: newWaiting(), parts: [] }) as State
}

/** True when the user data of a TPKT is S7comm. */
export function isS7Data(data: Cursor): boolean {
  const kind = data.peek(1)
  const isKind = kind >= KIND.job && (kind <= KIND.ackData || kind === KIND.userData)
  return data.remaining >= 10 && data.u8() === MAGIC && isKind && data.skip(1).u16() === 0
}

/** Facts of one S7comm message. */
export function* s7Facts(data: Cursor, context: MessageContext): Generator<Fact> {
  const kind = data.skip(1).u8()
  const parameterLength = data.skip(4).u16()
  const length = data.u16()
  if (kind === KIND.ack || kind === KIND.ackData) data.skip(2)
  const parameters = data.take(parameterLength)
  const body = data.take(length)
  if (!parameters.ok) return
  if (kind === KIND.job) yield* jobFacts(parameters, context.from)
  else if (kind === KIND.userData) yield* userDataFacts(parameters, body, context)
}

function* jobFacts(parameters: Cursor, from: Side): Generator<Fact> {
  const function_ = parameters.u8()
  if (!parameters.ok) return
  yield* factOf(from, 's7comm.function', JOBS[function_] ?? `function ${function_}`)
  if (function_ !== PLC_CONTROL) return
  // Seven octets, a block of arguments, then the name of the service: P_PROGRAM starts the program.
  parameters.skip(7)
  parameters.skip(parameters.u16())
  const name = parameters.text(parameters.u8())
  yield* factOf(from, 's7comm.plc-service', /^[A-Z_]+$/.test(name) ? name : undefined)
}

function* userDataFacts(
  parameters: Cursor,
  body: Cursor,
  context: MessageContext,
): Generator<Fact> {
  const head = parameters.u24()
  const isAnswer = parameters.skip(1).u8() === 0x12
  const group = parameters.u8() & 15
  const call = `${group}/${parameters.u8()}`
  if (!parameters.ok || head !== USER_DATA_HEAD) return
  if (!isAnswer) {
    const name = USER_DATA[call] ?? GROUPS[group] ?? `group ${group}`
    yield* factOf(context.from, 's7comm.function', name)
  } else if (call === READ_LIST) {
    const isMoreToCome = parameters.skip(2).u8() === 1
    yield* listFacts(body, isMoreToCome, context)
  }
}

/** An answer that is part of a list: a head of four octets, then what goes on where the part before it ended. */
function* listFacts(body: Cursor, isMore: boolean, context: MessageContext): Generator<Fact> {
  const { parts } = stateOf(context)
  const isFine = body.u8() === 0xff
  const part = body.skip(1).view(body.u16())
  if (!isFine || !body.ok || part.length < 8) return
  if (parts.length === 0 && !IDENTITY_LISTS.includes((part[1] ?? 0) & 0xff)) return
  parts.push(part.slice())
  if (isMore && parts.length < 8) return
  const whole = parts.splice(0)
  yield* identityFacts(whole, context.from)
}
