import type { Dissector } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { addressOf, reverseAddress } from './dns.ts'
import { dnsLikeness, nameText, readDnsMessage, readName, TYPE } from './dns-message.ts'

const PORT = 5355
const MOST_ANSWERS = 16

/**
 * LLMNR (RFC 4795): which names a host asks its neighbours for, and who answers to which name. One host that answers
 * to many names is a poisoner; one that asks can be poisoned.
 */
export const llmnr: Dissector = {
  protocol: 'llmnr',
  over: 'udp',
  ports: [PORT],
  appetite: 16,

  looksLike(message, { clientPort, serverPort }) {
    return clientPort === PORT || serverPort === PORT ? dnsLikeness(message, 1) : 'no'
  },

  *dissect(cursor, { from }) {
    const message = readDnsMessage(cursor)
    if (!message.isResponse) {
      for (const { labels } of message.questions) {
        if (labels.at(-1) !== 'arpa') yield* factOf(from, 'llmnr.query', nameText(labels))
      }
      return
    }
    for (const { labels, type, data } of message.answers.slice(0, MOST_ANSWERS)) {
      const isReverse = type === TYPE.PTR
      const ip = isReverse ? reverseAddress(labels) : addressOf(type, data)
      const name = nameText(isReverse ? readName(data, message.start) : labels)
      if (ip === undefined) continue
      yield* factOf({ ip }, 'llmnr.name', name)
      yield* factOf(from, 'llmnr.answer', name)
    }
  },
}
