import { fromBase64 } from '../base64.ts'
import type { Fact, MessageContext, Side } from '../dissector.ts'
import { addFact } from '../printable.ts'
import type { Head } from './http-head.ts'
import { pathShape } from './http-path.ts'
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

const LOCATION = /^(?:([a-z][a-z\d+.-]{0,15}):)?(?:\/\/([^/?#]{0,300}))?(?=\/|\?|#|$)(.*)$/i
const HOST = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i

/** What a request tells about both ends; the name that a proxy is asked for is not its own. */
export function requestFacts(
  head: Head,
  service: string | undefined,
  context: MessageContext,
  isProxied: boolean,
): Fact[] {
  const facts: Fact[] = []
  const { fields, method, path } = head
  const { from } = context
  const other: Side = from === 'client' ? 'server' : 'client'
  const host = isProxied ? head.authority : (fields.get('host') ?? '')
  // Some put whom they sign in as in front of the name.
  if (HOST.test(host) && !IP_LITERAL.test(host)) {
    if (!isProxied) addFact(facts, other, 'http.host', host)
    addFact(facts, from, 'http.contacts', host.replace(/:\d+$/, ''))
  }
  addFact(facts, from, 'http.user-agent', fields.get('user-agent'))
  addFact(facts, from, 'http.request', `${method} ${path.shape}`)
  const authorization = fields.get('authorization') ?? fields.get('proxy-authorization')
  if (authorization !== undefined) {
    const scheme = SCHEME.exec(authorization)?.[1]?.toLowerCase()
    addFact(facts, from, 'http.auth', scheme)
    // What asks a proxy to pass it on says nothing of how the proxy itself lets one in.
    const isOwn = !isProxied || fields.has('proxy-authorization')
    if (scheme === 'basic' && isOwn) {
      facts.push({ subject: other, field: 'http.login', value: 'basic' })
    }
    facts.push(...securityFacts(authorization, from))
  }
  if (!isProxied) addClinicalFacts(facts, head, service, context, other)
  return facts
}

/**
 * What an answer tells about its server: of `service` of DICOMweb the one that was asked for; `isOwn` is false where a proxy
 * passes on that of another.
 */
export function answerFacts(
  head: Head,
  service: string | undefined,
  context: MessageContext,
  isOwn: boolean,
): Fact[] {
  const facts: Fact[] = []
  const { from } = context
  addFact(facts, from, 'http.status', String(head.status))
  if (!isOwn) return facts
  addSoftware(facts, head, from)
  addClinicalFacts(facts, head, service, context, from)
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
  if (head.status >= 300 && head.status < 400) {
    addFact(facts, from, 'http.redirects-to', redirection(head.fields.get('location')))
  }
}

/**
 * Where an answer sends its client (RFC 9110 §10.2.2): scheme, host and shape of the path. No query, and no name that a
 * client would sign in with.
 */
function redirection(location: string | undefined): string | undefined {
  const found = location === undefined ? null : LOCATION.exec(location)
  if (found === null) return undefined
  const [, scheme = '', authority, path = ''] = found
  if (!/^(?:https?)?$/i.test(scheme)) return undefined
  // A path that begins nowhere belongs to the one that was asked for.
  if (authority === undefined && !path.startsWith('/')) return undefined
  const host = (authority ?? '').slice((authority ?? '').lastIndexOf('@') + 1).toLowerCase()
  const { shape } = pathShape(path.startsWith('/') ? path : `/${path}`)
  // Without a scheme it may be a path whose first part was left empty, and then anybody's name.
  if (scheme === '') return authority === undefined ? shape : `//*${shape}`
  const start = `${scheme.toLowerCase()}:`
  return HOST.test(host) ? `${start}//${host}${shape}` : start + shape
}

/** NTLM inside a challenge or its answer (RFC 4559). */
function* securityFacts(value: string, from: Side): Generator<Fact> {
  const token = /^(?:ntlm|negotiate) ([A-Za-z0-9+/]{16,8192})/i.exec(value)?.[1]
  if (token !== undefined) yield* ntlmFacts(fromBase64(token), from)
}

function addClinicalFacts(
  facts: Fact[],
  head: Head,
  service: string | undefined,
  context: MessageContext,
  server: Side,
): void {
  const type = (head.fields.get('content-type') ?? head.fields.get('accept') ?? '').toLowerCase()
  for (const [mark, protocol] of CLINICAL) {
    if (!type.includes(mark)) continue
    if (protocol === 'dicomweb') {
      context.carries(protocol)
      addFact(facts, server, 'dicomweb.service', service)
      facts.push({ subject: server, field: 'dicomweb.role', value: 'origin-server' })
      const client: Side = server === 'server' ? 'client' : 'server'
      facts.push({ subject: client, field: 'dicomweb.role', value: 'user-agent' })
    } else context.names(protocol)
    facts.push({ subject: server, field: `${protocol}.transport`, value: 'cleartext' })
  }
}
