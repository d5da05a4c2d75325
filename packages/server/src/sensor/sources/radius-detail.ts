import type { LineOutcome, LineReader, LogSource, SourceFact } from './source.ts'
import { countOf, factOf, hostOf, macOf, subjectOf } from './text.ts'

const HEADER = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/
const ATTRIBUTE = /^\s+([A-Za-z][\w-]{1,63}) [:+]?= (.*)$/
/** Attributes that are looked at; all others, the user's name first, are not. */
const WANTED: ReadonlySet<string> = new Set([
  'Acct-Status-Type',
  'Called-Station-Id',
  'Calling-Station-Id',
  'Framed-IP-Address',
  'Framed-IPv6-Address',
  'NAS-IP-Address',
  'NAS-IPv6-Address',
  'NAS-Identifier',
  'NAS-Port-Id',
  'NAS-Port-Type',
  'Timestamp',
])

/** FreeRADIUS's detail files: a time, then an indented line for each attribute, then an empty line (RFC 2865, 2866). */
export const radiusDetail: LogSource = {
  name: 'radius',
  recognise: (head) =>
    HEADER.test(head.split('\n', 1)[0] ?? '') && /^\t(?:Packet-Type|[A-Z][\w-]+) = /m.test(head),
  open: () => new DetailReader(),
}

class DetailReader implements LineReader {
  #heading: string | undefined
  #values = new Map<string, string>()

  line(text: string): LineOutcome {
    if (HEADER.test(text)) {
      const before = this.#finish()
      this.#heading = text
      return before
    }
    if (text.trim() === '') return this.#finish()
    const attribute = ATTRIBUTE.exec(text)
    if (attribute === null) return { reason: 'it is neither a time nor an attribute' }
    const [, name, value] = attribute
    if (WANTED.has(name!)) this.#values.set(name!, value!.replace(/^"(.*)"$/, '$1'))
    return undefined
  }

  end(): LineOutcome {
    return this.#finish()
  }

  #finish(): LineOutcome {
    const values = this.#values
    const heading = this.#heading
    this.#values = new Map()
    this.#heading = undefined
    if (heading === undefined) return undefined
    const stamp = countOf(values.get('Timestamp'), 1e11)
    const time = stamp === undefined ? Date.parse(heading) * 1000 : stamp * 1e6
    if (Number.isNaN(time)) return { reason: 'the time of an entry cannot be read' }
    return { time, facts: [...stationFacts(values), ...serverFacts(values)] }
  }
}

type Attributes = ReadonlyMap<string, string>

function addressOf(values: Attributes): string | undefined {
  return hostOf(values.get('NAS-IP-Address')) ?? hostOf(values.get('NAS-IPv6-Address'))
}

/** Which station is where. Twelve decimal digits may be a telephone number. */
function stationFacts(values: Attributes): SourceFact[] {
  const calling = values.get('Calling-Station-Id') ?? ''
  const mac = /^\d+$/.test(calling) ? undefined : macOf(calling)
  if (mac === undefined) return []
  const ip = hostOf(values.get('Framed-IP-Address')) ?? hostOf(values.get('Framed-IPv6-Address'))
  const station = subjectOf(mac, ip)
  const status = values.get('Acct-Status-Type')?.toLowerCase()
  return [
    ...factOf(station, 'radius.framed-address', ip),
    ...factOf(station, 'radius.session', SESSIONS.includes(status ?? '') ? status : undefined),
    ...factOf(station, 'radius.nas', values.get('NAS-Identifier') ?? addressOf(values)),
    ...factOf(station, 'radius.nas-port', values.get('NAS-Port-Id')),
  ]
}

const SESSIONS: readonly string[] = ['start', 'stop', 'interim-update']
const KNOWN_PORTS: readonly string[] = ['async', 'virtual', 'ethernet', 'cable', 'wireless-802.11']

/** The access server itself. */
function serverFacts(values: Attributes): SourceFact[] {
  const ip = addressOf(values)
  if (ip === undefined) return []
  const port = values.get('NAS-Port-Type')?.toLowerCase()
  const [, ssid] =
    /^(?:[\da-f]{2}[-:.]?){6}:(.{1,32})$/i.exec(values.get('Called-Station-Id') ?? '') ?? []
  return [
    ...factOf({ ip }, 'radius.nas-address', ip),
    ...factOf({ ip }, 'radius.nas-identifier', values.get('NAS-Identifier')),
    ...factOf({ ip }, 'radius.nas-port-type', KNOWN_PORTS.includes(port ?? '') ? port : undefined),
    ...factOf({ ip }, 'radius.ssid', ssid),
  ]
}
