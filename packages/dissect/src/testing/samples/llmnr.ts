import { address } from '../frames.ts'
import { dnsMessage, name, question, record } from './dns.ts'
import type { Sample } from './sample.ts'

export const QUERY = dnsMessage({ flags: 0, questions: [question('PACS-WS', 1)] })

export const ANSWER = dnsMessage({
  flags: 0x8000,
  questions: [question('PACS-WS', 1)],
  answers: [record('PACS-WS', 1, address('10.1.2.3'))],
})

export const REVERSE = dnsMessage({
  flags: 0x8000,
  questions: [question('3.2.1.10.in-addr.arpa', 12)],
  answers: [record('3.2.1.10.in-addr.arpa', 12, name('PACS-WS'))],
})

export const SAMPLES: readonly Sample[] = [QUERY, ANSWER, REVERSE].map((bytes) => ({
  protocol: 'llmnr',
  over: 'udp',
  from: bytes === QUERY ? 'client' : 'server',
  bytes,
}))
