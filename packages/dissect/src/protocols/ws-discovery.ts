import type { Dissector, Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'

const LONGEST_TEXT = 16_384
const MOST_VALUES = 16
/** Places where a name stands that are looked at: more are no message. */
const MOST_PLACES = 128
/** The namespaces of WS-Discovery: OASIS 1.1 and the submission before it, which ONVIF and Windows use. */
const NAMESPACE =
  /docs\.oasis-open\.org\/ws-dd\/ns\/discovery|schemas\.xmlsoap\.org\/ws\/2005\/04\/discovery/

const ACTIONS = table<string>({
  Hello: 'hello',
  Bye: 'bye',
  Probe: 'probe',
  ProbeMatches: 'probe-matches',
  Resolve: 'resolve',
  ResolveMatches: 'resolve-matches',
})
/** Actions in which the sender speaks of itself. */
const OFFERS: readonly string[] = ['hello', 'probe-matches', 'resolve-matches']

/** Scopes of cameras (ONVIF Core §7.3.2.2) that say what and where a device is. */
const ONVIF_SCOPE = /^onvif:\/\/www\.onvif\.org\/(name|hardware|location|manufacturer)\/(.+)$/i
/** Scopes of medical devices (IEEE 11073-20701 §9.3): others may speak of the patient. */
const LOCATION_SCOPE = /^sdc\.ctxt\.loc:[^?]*\?(.*)$/i
const CODE_SCOPE = /^sdc\.cdc\.type:\/+([^/]*)\/?([^/]*)\/?([^/]*)$/i

/** WS-Discovery (OASIS 1.1): cameras, printers and medical devices that say what they are and where. */
export const wsDiscovery: Dissector = {
  protocol: 'ws-discovery',
  over: 'udp',
  ports: [3702],
  // An angle bracket, or the byte order mark before it.
  firstBytes: [0x3c, 0xef],
  appetite: 32,

  looksLike(message) {
    const text = message.text(Math.min(message.remaining, 2048))
    return NAMESPACE.test(text) ? 'strong' : 'no'
  },

  *dissect(message, { from }) {
    const xml = message.utf8(Math.min(message.remaining, LONGEST_TEXT))
    const [uri = ''] = texts(xml, 'Action')
    const action = ACTIONS[uri.slice(uri.lastIndexOf('/') + 1)]
    if (action === undefined) return
    yield { subject: from, field: 'ws-discovery.action', value: action }
    const types = words(xml, 'Types').map((type) => type.slice(type.indexOf(':') + 1))
    if (action === 'probe') {
      for (const type of types) yield* factOf(from, 'ws-discovery.probe', type)
    }
    if (!OFFERS.includes(action)) return
    for (const type of types) yield* factOf(from, 'ws-discovery.type', type)
    for (const address of words(xml, 'XAddrs')) yield* factOf(from, 'ws-discovery.address', address)
    for (const scope of words(xml, 'Scopes')) yield* scopeFacts(scope, from)
    const body = xml.slice(Math.max(0, xml.search(/[<:]Body[\s>]/)))
    const endpoint = texts(body, 'Address').find((address) => address.startsWith('urn:'))
    yield* factOf(from, 'ws-discovery.endpoint', endpoint)
  },
}

function* scopeFacts(scope: string, from: Side): Generator<Fact> {
  const [, kind, value] = ONVIF_SCOPE.exec(scope) ?? []
  if (kind !== undefined) {
    yield* factOf(from, `ws-discovery.onvif-${kind.toLowerCase()}`, decoded(value ?? ''))
  }
  const [, place] = LOCATION_SCOPE.exec(scope) ?? []
  yield* factOf(from, 'ws-discovery.location', place && decoded(place))
  const [, system, , code] = CODE_SCOPE.exec(scope) ?? []
  if (code !== undefined) {
    yield* factOf(from, 'ws-discovery.device-code', system ? `${system} ${code}` : code)
  }
}

/** The white space separated words of all elements of this name, at most 16. */
function words(xml: string, name: string): string[] {
  return texts(xml, name)
    .flatMap((text) => text.split(/\s+/))
    .filter((word) => word !== '')
    .slice(0, MOST_VALUES)
}

/** The text of the elements of this local name, whatever their prefix; nothing is nested in those that are asked for. */
function texts(xml: string, name: string): string[] {
  const found: string[] = []
  let at = xml.indexOf(name)
  for (let left = MOST_PLACES; left > 0 && at >= 0; left--, at = xml.indexOf(name, at + 1)) {
    if (found.length === MOST_VALUES) return found
    const before = xml[at - 1]
    const isStart = (before === '<' || before === ':') && /[\s>]/.test(xml[at + name.length] ?? '')
    const open = isStart ? xml.indexOf('>', at) : -1
    const close = open < 0 ? -1 : xml.indexOf('<', open)
    // An end tag has a slash behind its bracket and so is no start.
    if (close > open && !isEndTag(xml, at)) found.push(unescaped(xml.slice(open + 1, close)).trim())
  }
  return found
}

function isEndTag(xml: string, at: number): boolean {
  return xml[xml.lastIndexOf('<', at) + 1] === '/'
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** Percent encoding undone where it is well-formed. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      return run
    }
  })
}
