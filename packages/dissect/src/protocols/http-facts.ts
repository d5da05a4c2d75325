import { fromBase64 } from '../base64.ts'
import type { Fact, MessageContext, Side } from '../dissector.ts'
import { addFact } from '../printable.ts'
import type { Head } from './http-head.ts'
import { ntlmFacts } from './ntlmssp.ts'

/** Applications inside HTTP, by what a content type contains. Their data are clinical or printed, and here in clear. */
const CLINICAL: readonly (readonly [string, string])[] = [
  ['fhir+', 'fhir'],
  ['application/dicom', 'dicomweb'],
  ['hl7-v2', 'hl7'],
  ['application/ipp', 'ipp'],
]
const SCHEME = /^(basic|digest|bearer|negotiate|ntlm|kerberos)\b/i
const IP_LITERAL = /^(?:[\d.]+|\[[0-9a-f:.]+\])(?::\d+)?$/i
const REALM = /\brealm="?([^",]{1,200})/i

/** What a request tells about both ends; the name that a proxy is asked for is not its own. */
export function requestFacts(head: Head, context: MessageContext, isProxied: boolean): Fact[] {
  const facts: Fact[] = []
  const { fields, method, path } = head
  const { from } = context
  const other: Side = from === 'client' ? 'server' : 'client'
  const host = isProxied ? head.authority : (fields.get('host') ?? '')
  if (!IP_LITERAL.test(host)) {
    if (!isProxied) addFact(facts, other, 'http.host', host)
    addFact(facts, from, 'http.contacts', host.replace(/:\d+$/, ''))
  }
  addFact(facts, from, 'http.user-agent', fields.get('user-agent'))
  addFact(facts, from, 'http.request', `${method} ${path.shape}`)
  const authorization = fields.get('authorization') ?? fields.get('proxy-authorization')
  if (authorization !== undefined) {
    const scheme = SCHEME.exec(authorization)?.[1]?.toLowerCase()
    addFact(facts, from, 'http.auth', scheme)
    if (scheme === 'basic') facts.push({ subject: other, field: 'http.login', value: 'basic' })
    facts.push(...securityFacts(authorization, from))
  }
  addClinicalFacts(facts, head, context, other)
  return facts
}

/** What an answer tells about its server; `isOwn` is false where a proxy passes on that of another. */
export function answerFacts(head: Head, context: MessageContext, isOwn: boolean): Fact[] {
  const facts: Fact[] = []
  const { from } = context
  addFact(facts, from, 'http.status', String(head.status))
  if (isOwn) addSoftware(facts, head, from)
  addClinicalFacts(facts, head, context, from)
  return facts
}

/** What a server says of itself, and how it lets one in. */
function addSoftware(facts: Fact[], head: Head, from: Side): void {
  addFact(facts, from, 'http.server', head.fields.get('server'))
  addFact(facts, from, 'http.powered-by', head.fields.get('x-powered-by'))
  const challenge = head.fields.get('www-authenticate')
  if (challenge !== undefined) {
    addFact(facts, from, 'http.auth-offered', SCHEME.exec(challenge)?.[1]?.toLowerCase())
    addFact(facts, from, 'http.realm', REALM.exec(challenge)?.[1])
    facts.push(...securityFacts(challenge, from))
  }
  for (const name of head.cookieNames) {
    if (/^[\w.-]{1,64}$/.test(name)) addFact(facts, from, 'http.cookie-name', name)
  }
}

/** NTLM inside a challenge or its answer (RFC 4559). */
function* securityFacts(value: string, from: Side): Generator<Fact> {
  const token = /^(?:ntlm|negotiate) ([A-Za-z0-9+/]{16,8192})/i.exec(value)?.[1]
  if (token !== undefined) yield* ntlmFacts(fromBase64(token), from)
}

function addClinicalFacts(facts: Fact[], head: Head, context: MessageContext, server: Side): void {
  const type = (head.fields.get('content-type') ?? head.fields.get('accept') ?? '').toLowerCase()
  for (const [mark, protocol] of CLINICAL) {
    if (!type.includes(mark)) continue
    if (protocol === 'dicomweb') context.carries(protocol)
    else context.names(protocol)
    facts.push({ subject: server, field: `${protocol}.transport`, value: 'cleartext' })
  }
}
