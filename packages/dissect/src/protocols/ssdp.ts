import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'

const MOST_HEADERS = 32

/** Headers whose value is kept as it is. */
const HEADER_FIELDS = table<string>({
  server: 'ssdp.server',
  usn: 'ssdp.usn',
  location: 'ssdp.location',
  'user-agent': 'ssdp.user-agent',
  'hue-bridgeid': 'ssdp.hue-bridgeid',
})

interface Header {
  /** In lower case. */
  readonly name: string
  readonly value: string
}

/** SSDP (UPnP Device Architecture 2.0 §1): what a device offers, what it is built with, where its description lies. */
export const ssdp: Dissector = {
  protocol: 'ssdp',
  over: 'udp',
  ports: [1900],
  firstBytes: [0x48, 0x4d, 0x4e],
  appetite: 32,

  looksLike(message): Likeness {
    if (message.startsWith('NOTIFY * HTTP/1.')) return 'strong'
    if (message.startsWith('M-SEARCH * HTTP/1.')) return 'strong'
    if (!message.startsWith('HTTP/1.')) return 'no'
    return headersOf(message).some(({ name }) => name === 'usn' || name === 'st') ? 'strong' : 'no'
  },

  *dissect(message, { from }) {
    const isSearch = message.startsWith('M-SEARCH ')
    for (const { name, value } of headersOf(message)) {
      const field = HEADER_FIELDS[name]
      if (field !== undefined) yield* factOf(from, field, value)
      if (name === 'st' && isSearch) yield* factOf(from, 'ssdp.search', value)
      else if (name === 'st' || name === 'nt') yield* typeFacts(from, value)
      const uuid = name === 'usn' ? /^uuid:([^:]+)/i.exec(value)?.[1] : undefined
      yield* factOf(from, 'ssdp.uuid', uuid)
    }
  },
}

/** `urn:schemas-upnp-org:device:MediaRenderer:1` and the like; `upnp:rootdevice` and a bare UUID say nothing new. */
function typeFacts(from: Side, target: string): Fact[] {
  if (!target.startsWith('urn:')) return []
  const isService = target.includes(':service:')
  return factOf(from, isService ? 'ssdp.service-type' : 'ssdp.device-type', target)
}

function headersOf(message: Cursor): readonly Header[] {
  const headers: Header[] = []
  message.line()
  while (message.remaining > 0 && headers.length < MOST_HEADERS) {
    const line = message.line()
    const colon = line.indexOf(':')
    if (colon < 1) break
    const name = line.slice(0, colon).trim().toLowerCase()
    headers.push({ name, value: line.slice(colon + 1).trim() })
  }
  return headers
}
