import { fromBase64 } from '../base64.ts'
import type { Fact, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import type { Head } from './http-head.ts'
import { ntlmFacts } from './ntlmssp.ts'

/** Applications inside HTTP, by what a content type contains. Their data are clinical, and here in clear. */
const CLINICAL: readonly (readonly [string, string])[] = [
  ['fhir+', 'fhir'],
  ['application/dicom', 'dicomweb'],
  ['hl7-v2', 'hl7'],
]
const SCHEME = /^(basic|digest|bearer|negotiate|ntlm|kerberos)\b/i
const IP_LITERAL = /^(?:[\d.]+|\[[0-9a-f:.]+\])(?::\d+)?$/i
const REALM = /\brealm="?([^",]{1,200})/i

/** What a request tells about both ends. */
export function* requestFacts(head: Head, context: MessageContext): Generator<Fact> {
  const { fields, method, path } = head
  const { from } = context
  const other: Side = from === 'client' ? 'server' : 'client'
  const host = fields.get('host') ?? ''
  if (!IP_LITERAL.test(host)) {
    yield* factOf(other, 'http.host', host)
    yield* factOf(from, 'http.contacts', host.replace(/:\d+$/, ''))
  }
  yield* factOf(from, 'http.user-agent', fields.get('user-agent'))
  yield* factOf(from, 'http.request', `${method} ${path.shape}`)
  const authorization = fields.get('authorization') ?? fields.get('proxy-authorization') ?? ''
  const scheme = SCHEME.exec(authorization)?.[1]?.toLowerCase()
  yield* factOf(from, 'http.auth', scheme)
  if (scheme === 'basic') yield { subject: other, field: 'http.login', value: 'basic' }
  yield* securityFacts(authorization, from)
  yield* clinicalFacts(head, context, other)
}

/** What an answer tells about its server. */
export function* answerFacts(head: Head, context: MessageContext): Generator<Fact> {
  const { fields, status } = head
  const { from } = context
  yield* factOf(from, 'http.status', String(status))
  yield* factOf(from, 'http.server', fields.get('server'))
  yield* factOf(from, 'http.powered-by', fields.get('x-powered-by'))
  const challenge = fields.get('www-authenticate') ?? ''
  yield* factOf(from, 'http.auth-offered', SCHEME.exec(challenge)?.[1]?.toLowerCase())
  yield* factOf(from, 'http.realm', REALM.exec(challenge)?.[1])
  yield* securityFacts(challenge, from)
  for (const name of head.cookieNames) {
    if (/^[\w.-]{1,64}$/.test(name)) yield* factOf(from, 'http.cookie-name', name)
  }
  yield* clinicalFacts(head, context, from)
}

/** NTLM inside a challenge or its answer (RFC 4559). */
function* securityFacts(value: string, from: Side): Generator<Fact> {
  const token = /^(?:ntlm|negotiate) ([A-Za-z0-9+/]{16,8192})/i.exec(value)?.[1]
  if (token !== undefined) yield* ntlmFacts(fromBase64(token), from)
}

function* clinicalFacts(head: Head, context: MessageContext, server: Side): Generator<Fact> {
  const type = (head.fields.get('content-type') ?? head.fields.get('accept') ?? '').toLowerCase()
  for (const [mark, protocol] of CLINICAL) {
    if (!type.includes(mark)) continue
    if (protocol === 'dicomweb') context.carries(protocol)
    else context.names(protocol)
    yield { subject: server, field: `${protocol}.transport`, value: 'cleartext' }
  }
}
