import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { BER, berMessageLength, expectBer, readBer } from './ber.ts'
import { likenessOfData, newWaiting, readUserData, TPKT, tpktLength } from './tpkt.ts'

/** Session: connect and accept; give tokens and data transfer, with nothing in them (X.225 §8.3). */
const CONNECT = 0x0d
const ACCEPT = 0x0e
const DATA_TRANSFER = 0x01000100
const PRESENTATION_DATA = 0x61
const SINGLE_VALUE = 0xa0
/** 1.0.9506.2.1, the abstract syntax of MMS (ISO 9506-2). */
const ABSTRACT_SYNTAX = [0x28, 0xca, 0x22, 0x02, 0x01]
const PDU = { request: 0xa0, response: 0xa1 } as const
/** Choices of the MMSpdu that are constructed, and the two that end an association. */
const PDUS: readonly number[] = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa8, 0xa9, 0xaa, 0x8b, 0x8c]
const IDENTIFY = 2
const MODIFIER = 0x30

/** Services of a confirmed request by the number of their choice (ISO 9506-2 §7). */
const SERVICES: Readonly<Record<number, string>> = {
  0: 'status',
  1: 'get-name-list',
  2: 'identify',
  3: 'rename',
  4: 'read',
  5: 'write',
  6: 'get-variable-attributes',
  7: 'define-variable',
  10: 'delete-variable',
  11: 'define-variable-list',
  12: 'get-variable-list-attributes',
  13: 'delete-variable-list',
  19: 'take-control',
  20: 'relinquish-control',
  26: 'initiate-download',
  27: 'download-segment',
  28: 'terminate-download',
  29: 'initiate-upload',
  30: 'upload-segment',
  31: 'terminate-upload',
  34: 'load-domain',
  35: 'store-domain',
  36: 'delete-domain',
  37: 'get-domain-attributes',
  38: 'create-program',
  39: 'delete-program',
  40: 'start',
  41: 'stop',
  42: 'resume',
  43: 'reset',
  44: 'kill',
  45: 'get-program-attributes',
  46: 'obtain-file',
  65: 'read-journal',
  71: 'get-capabilities',
  72: 'file-open',
  73: 'file-read',
  74: 'file-close',
  75: 'file-rename',
  76: 'file-delete',
  77: 'file-directory',
}
const IDENTITY: Readonly<Record<number, string>> = {
  0x80: 'mms.vendor',
  0x81: 'mms.model',
  0x82: 'mms.revision',
}

/** MMS of IEC 61850: what a protection or control device says it is, and which services are asked of it. */
export const mms: Dissector = {
  protocol: 'mms',
  over: 'tcp',
  firstBytes: [TPKT],
  appetite: Infinity,
  looksLike: (message) => likenessOfData(message, isSessionOfMms),
  length: tpktLength,
  *dissect(message, context) {
    context.state ??= newWaiting()
    const data = readUserData(message, context, context.state as ReturnType<typeof newWaiting>)
    if (data !== undefined) yield* mmsFacts(data, context)
  },
}

/** True when the user data of a TPKT is MMS, in a session or bare. */
export function isMmsData(data: Cursor): boolean {
  return isBare(data) || isSessionOfMms(data)
}

/** A message of the protocol itself, without session and presentation. */
function isBare(data: Cursor): boolean {
  if (!PDUS.includes(data.peek())) return false
  return berMessageLength(new Cursor(data.bytes, data.position, data.end)) === data.remaining
}

function isSessionOfMms(data: Cursor): boolean {
  const kind = data.peek()
  if (kind === CONNECT || kind === ACCEPT) return hasAbstractSyntax(data)
  const pdu = pduIn(new Cursor(data.bytes, data.position, data.end))
  return pdu !== undefined && PDUS.includes(pdu.peek())
}

function hasAbstractSyntax({ bytes, position, end }: Cursor): boolean {
  const first = ABSTRACT_SYNTAX[0]!
  for (let at = bytes.indexOf(first, position); at >= 0 && at < end;) {
    if (ABSTRACT_SYNTAX.every((octet, place) => bytes[at + place] === octet)) return true
    at = bytes.indexOf(first, at + 1)
  }
  return false
}

/** The MMS message within a session's data transfer and the presentation's user data (X.226 §8.4). */
function pduIn(data: Cursor): Cursor | undefined {
  if (data.u32() !== DATA_TRANSFER) return undefined
  const list = expectBer(data, PRESENTATION_DATA)
  const value = expectBer(list, BER.sequence)
  expectBer(value, BER.integer)
  const pdu = expectBer(value, SINGLE_VALUE)
  return pdu.ok && pdu.remaining > 0 ? pdu : undefined
}

/** Facts of one MMS message. */
export function* mmsFacts(data: Cursor, { from }: MessageContext): Generator<Fact> {
  const message = isBare(data) ? data : pduIn(data)
  if (message === undefined) return
  const { tag, body } = readBer(message)
  if (tag !== PDU.request && tag !== PDU.response) return
  expectBer(body, BER.integer)
  let service = readBer(body)
  if (service.tag === MODIFIER) service = readBer(body)
  if (!service.body.ok) return
  const number = numberOf(service.tag)
  if (tag === PDU.request) {
    yield* factOf(from, 'mms.service', SERVICES[number] ?? `service ${number}`)
  } else if (number === IDENTIFY) {
    for (let left = 3; left > 0 && service.body.remaining > 0; left--) {
      const item = readBer(service.body)
      const field = IDENTITY[item.tag]
      if (field !== undefined) yield* factOf(from, field, item.body.utf8(item.body.remaining))
    }
  }
}

/** The number of a context tag, which has a second octet from 31 on. */
function numberOf(tag: number): number {
  return tag > 0xff ? tag & 0x7f : tag & 0x1f
}
