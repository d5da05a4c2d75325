import type { Cursor } from '../cursor.ts'
import type { Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { dicomService, storageClass } from './dicom-uids.ts'

const ITEM = {
  applicationContext: 0x10,
  proposed: 0x20,
  answered: 0x21,
  abstractSyntax: 0x30,
  userInformation: 0x50,
  longestPdu: 0x51,
  roleSelection: 0x54,
  implementationClass: 0x52,
  implementationVersion: 0x55,
  userIdentity: 0x58,
} as const
/** Ids are odd numbers below 256, so there are no more contexts (PS3.8 §9.3.2.2). */
const MOST_ITEMS = 160
const MOST_CLASSES = 32

const REJECTION: Readonly<Record<number, string>> = {
  0x0101: 'no reason given',
  0x0102: 'application context not supported',
  0x0103: 'calling AE title not recognized',
  0x0107: 'called AE title not recognized',
  0x0202: 'protocol version not supported',
  0x0301: 'temporary congestion',
  0x0302: 'local limit exceeded',
}
const IDENTITY = [
  '',
  'user name',
  'user name and passcode',
  'Kerberos ticket',
  'SAML assertion',
  'JSON web token',
]

/** Abstract syntax of each presentation context that was proposed, by its id. */
export type Proposed = Map<number, string>

/** Facts of the PDUs that open, refuse or break an association, after their header (PS3.8 §9.3.2 to §9.3.8). */
export function* associationFacts(
  type: number,
  body: Cursor,
  from: Side,
  proposed: Proposed,
): Generator<Fact> {
  if (type === 1) yield* requestFacts(body, from, proposed)
  if (type === 2) yield* acceptFacts(body, from, proposed)
  if (type === 3) {
    const reason = (body.skip(2).u8() << 8) | body.u8()
    yield* factOf(from, 'dicom.rejects', REJECTION[reason] ?? `reason ${reason.toString(16)}`)
  }
  if (type === 7) {
    const reason = `${body.skip(2).u8()}/${body.u8()}`
    if (body.ok) yield { subject: from, field: 'dicom.aborts', value: reason }
  }
}

function* requestFacts(body: Cursor, from: Side, proposed: Proposed): Generator<Fact> {
  const other: Side = from === 'client' ? 'server' : 'client'
  const called = body.skip(4).text(16)
  const calling = body.text(16)
  if (!body.skip(32).ok) return
  yield { subject: from, field: 'dicom.transport', value: 'cleartext' }
  yield { subject: other, field: 'dicom.transport', value: 'cleartext' }
  yield* factOf(from, 'dicom.ae-title', calling)
  yield* factOf(other, 'dicom.called-ae-title', called)
  proposed.clear()
  for (const { type, item } of items(body)) {
    if (type === ITEM.applicationContext) yield* contextFacts(item, from)
    if (type === ITEM.proposed) proposed.set(item.u8(), abstractSyntax(item.skip(3)))
    if (type === ITEM.userInformation) yield* userFacts(item, from)
  }
  yield* roleFacts(from, 'SCU', proposed.values())
  const classes = new Set(
    [...proposed.values()].map(storageClass).filter((name) => name !== undefined),
  )
  for (const name of [...classes].slice(0, MOST_CLASSES)) {
    yield* factOf(from, 'dicom.storage-class', name)
  }
}

function* roleFacts(from: Side, role: 'SCU' | 'SCP', syntaxes: Iterable<string>): Generator<Fact> {
  for (const service of new Set(Array.from(syntaxes, dicomService))) {
    yield* factOf(from, 'dicom.role', service && `${service} ${role}`)
  }
}

/** An acceptance repeats both titles (PS3.8 §9.3.3), which says that the called one is right. */
function* acceptFacts(body: Cursor, from: Side, proposed: Proposed): Generator<Fact> {
  const called = body.skip(4).text(16)
  if (!body.skip(48).ok) return
  yield* factOf(from, 'dicom.ae-title', called)
  const accepted: string[] = []
  for (const { type, item } of items(body)) {
    if (type === ITEM.userInformation) yield* userFacts(item, from)
    if (type !== ITEM.answered) continue
    const id = item.u8()
    if (item.skip(1).u8() === 0 && item.ok) accepted.push(proposed.get(id) ?? '')
  }
  yield* roleFacts(from, 'SCP', accepted)
}

/** Only an application context other than DICOM's own is worth telling (PS3.7 §A.2.1). */
function contextFacts(item: Cursor, from: Side): Fact[] {
  const uid = item.text(Math.min(item.remaining, 64))
  return uid === '1.2.840.10008.3.1.1.1' ? [] : factOf(from, 'dicom.application-context', uid)
}

function abstractSyntax(context: Cursor): string {
  for (const { type, item } of items(context)) {
    if (type === ITEM.abstractSyntax) return item.text(Math.min(item.remaining, 64))
  }
  return ''
}

function* userFacts(user: Cursor, from: Side): Generator<Fact> {
  for (const { type, item } of items(user)) {
    const text = () => item.text(Math.min(item.remaining, 64))
    if (type === ITEM.longestPdu) yield* factOf(from, 'dicom.max-pdu', String(item.u32()))
    if (type === ITEM.implementationClass) {
      yield* factOf(from, 'dicom.implementation-class-uid', text())
    }
    if (type === ITEM.implementationVersion) {
      yield* factOf(from, 'dicom.implementation-version', text())
    }
    // Who fetches by C-GET offers to store what it is sent (PS3.7 §D.3.3.4).
    if (type === ITEM.roleSelection) {
      const uid = item.text(item.u16())
      const isProvider = item.skip(1).u8() === 1
      if (isProvider && item.ok) yield* roleFacts(from, from === 'client' ? 'SCP' : 'SCU', [uid])
    }
    // How the user signs in (PS3.7 §D.3.3.7), not as whom.
    if (type === ITEM.userIdentity) yield* factOf(from, 'dicom.user-identity', IDENTITY[item.u8()])
  }
}

function* items(list: Cursor): Generator<{ type: number; item: Cursor }> {
  for (let count = 0; count < MOST_ITEMS && list.remaining >= 4; count++) {
    const type = list.u8()
    const item = list.skip(1).take(list.u16())
    if (item.ok) yield { type, item }
  }
}
