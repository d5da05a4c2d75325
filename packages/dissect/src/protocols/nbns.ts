import { hexText, hostIp, stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, FactSubject, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { readDnsMessage, type DnsRecord } from './dns-message.ts'
import { decodeNetbios, isNetbiosName, netbiosName, type NetbiosName } from './nbns-name.ts'

const NB = 0x20
const NBSTAT = 0x21
/** In the 16 bits of flags: a group's name, not one host's. */
const GROUP = 0x8000
const QUERY = 0
/** Registration, release, refresh (two codes in use), multi-homed registration (RFC 1002 §4.2). */
const CLAIMS: readonly number[] = [5, 6, 8, 9, 15]
const MOST_NAMES = 64

const WORKSTATION = 0x00
const MESSENGER = 0x03
const SERVER = 0x20
const DOMAIN_CONTROLLERS = 0x1c
/** What holding a name with this suffix makes of a host (Microsoft MS-NBTE, MS-BRWS). */
const ROLES: Readonly<Record<number, string>> = {
  0x06: 'ras-server',
  0x1b: 'domain-master-browser',
  [DOMAIN_CONTROLLERS]: 'domain-controller',
  0x1d: 'master-browser',
  [SERVER]: 'file-server',
}
/** Suffixes of names that are not a host's own but its workgroup's or domain's. */
const WORKGROUP_SUFFIXES: readonly number[] = [0x1b, DOMAIN_CONTROLLERS, 0x1d, 0x1e]

/** NetBIOS name service (RFC 1001, RFC 1002): names, workgroup and roles of Windows hosts and those that act alike. */
export const nbns: Dissector = {
  protocol: 'nbns',
  over: 'udp',
  ports: [137],
  appetite: 256,

  looksLike(message) {
    if (!isNetbiosName(message, 12)) return 'no'
    // A scope after the name is rare; without one the type stands here.
    if (message.peek(45) !== 0) return 'weak'
    const type = message.peek(46) * 256 + message.peek(47)
    return type === NB || type === NBSTAT ? 'strong' : 'no'
  },

  *dissect(cursor, { from }) {
    const message = readDnsMessage(cursor)
    const { opcode, isResponse, questions, answers, additionals } = message
    const asked = decodeNetbios(questions[0]?.labels[0])
    if (isResponse) {
      if (opcode !== QUERY || message.responseCode !== 0) return
      for (const record of answers.slice(0, 4)) yield* answerFacts(record, from)
    } else if (opcode === QUERY) {
      if (asked !== undefined && asked.name !== '*') {
        yield* factOf(from, 'nbns.query', nameOf(asked))
      }
    } else if (CLAIMS.includes(opcode)) {
      for (const { labels, data } of additionals.slice(0, 4)) {
        const name = decodeNetbios(labels[0]) ?? asked
        if (name !== undefined) yield* nameFacts(name, data.u16() >= GROUP, from)
      }
    }
  },
}

/** An answer to a question for a name is about the address in it; a node status is about its sender. */
function* answerFacts({ labels, type, data }: DnsRecord, from: Side): Generator<Fact> {
  if (type === NBSTAT) {
    yield* statusFacts(data, from)
    return
  }
  const name = type === NB ? decodeNetbios(labels[0]) : undefined
  const isGroup = data.u16() >= GROUP
  const ip = hostIp(data.view(4))
  if (name === undefined || ip === undefined) return
  yield* nameFacts(name, isGroup, { ip })
  // One host that answers to many names is a poisoner.
  if (!isGroup) yield* factOf(from, 'nbns.answer', nameOf(name))
}

/** All names of a node and its MAC (RFC 1002 §4.2.18). */
function* statusFacts(data: Cursor, from: Side): Generator<Fact> {
  for (let left = Math.min(data.u8(), MOST_NAMES); left > 0 && data.remaining >= 18; left--) {
    const name = netbiosName(latinText(data.view(16)))
    yield* nameFacts(name, data.u16() >= GROUP, from)
  }
  const mac = stationMac(data.view(6))
  if (mac !== undefined) yield { subject: from, field: 'nbns.unit-id', value: mac }
}

function* nameFacts(name: NetbiosName, isGroup: boolean, owner: FactSubject): Generator<Fact> {
  const { suffix } = name
  if (isGroup && name.name.includes('__MSBROWSE__')) {
    yield { subject: owner, field: 'nbns.role', value: 'master-browser' }
    return
  }
  // The messenger's name is the one of whoever is signed in.
  if (suffix === MESSENGER) return
  const role = isGroup === (suffix === DOMAIN_CONTROLLERS) ? ROLES[suffix] : undefined
  yield* factOf(owner, 'nbns.role', role)
  if (WORKGROUP_SUFFIXES.includes(suffix) || (isGroup && suffix === WORKSTATION)) {
    yield* factOf(owner, 'nbns.workgroup', name.name)
  } else if (!isGroup) {
    yield* factOf(owner, 'nbns.service-name', nameOf(name))
    const isHost = suffix === WORKSTATION || suffix === SERVER
    if (isHost) yield* factOf(owner, 'nbns.name', name.name)
  }
}

function nameOf({ name, suffix }: NetbiosName): string {
  return `${name}<${hexText(Uint8Array.of(suffix))}>`
}

function latinText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
