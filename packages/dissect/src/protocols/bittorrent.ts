import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness } from '../dissector.ts'
import { factOf } from '../printable.ts'

const HEAD = '\u0013BitTorrent protocol'
const PEER_ID_AT = 48
/** Openings of messages of the distributed table (BEP 5): dictionaries with sorted keys. */
const TABLE: readonly RegExp[] = [
  /^d1:ad2:id20:[\s\S]{20}/,
  /^d1:rd2:id20:[\s\S]{20}/,
  /^d1:eli\d{3}e/,
  /^d2:ip(?:6|18):[\s\S]{6,18}1:rd2:id20:/,
]

/** BitTorrent (BEP 3): peers, by the program that they say they are. */
export const bittorrent: Dissector = {
  protocol: 'bittorrent',
  over: 'tcp',
  ports: [6881],
  firstBytes: [0x13],
  appetite: 2,

  looksLike(stream): Likeness {
    if (stream.startsWith(HEAD)) return 'strong'
    const text = textOf(stream, HEAD.length)
    return text.length < HEAD.length && HEAD.startsWith(text) ? 'incomplete' : 'no'
  },

  *dissect(message, { from }) {
    if (!message.startsWith(HEAD)) return
    const id = message.skip(PEER_ID_AT).text(8)
    yield* factOf(from, 'bittorrent.client', /^-([A-Za-z]{2}[\dA-Za-z]{4})-/.exec(id)?.[1])
    message.ok = true
  },
}

/** The distributed table of BitTorrent (BEP 5), and its local discovery (BEP 14). */
export const bittorrentUdp: Dissector = {
  protocol: 'bittorrent',
  over: 'udp',
  ports: [6881, 6771],
  firstBytes: [0x64, 0x42],
  appetite: 2,

  looksLike(message): Likeness {
    if (message.startsWith('BT-SEARCH * HTTP/1.1\r\n')) return 'strong'
    const text = textOf(message, 64)
    return TABLE.some((form) => form.test(text)) ? 'strong' : 'no'
  },

  *dissect(message, { from }) {
    const version = /1:v4:([A-Za-z]{2})/.exec(textOf(message, 512))?.[1]
    yield* factOf(from, 'bittorrent.client', version)
  },
}

function textOf({ bytes, position, end }: Cursor, most: number): string {
  return String.fromCharCode(...bytes.subarray(position, Math.min(end, position + most)))
}
