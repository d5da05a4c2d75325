import type { Side } from '../../dissector.ts'
import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A name in labels; `labels` ending in a number ends in a pointer to that offset. */
export function name(text: string, pointer?: number): Uint8Array {
  const labels = text === '' ? [] : text.split('.')
  const parts = labels.map((label) => bytesOf(label.length, label))
  return bytesOf(...parts, pointer === undefined ? 0 : be16(0xc000 + pointer))
}

export const question = (owner: string, type: number, netClass = 1): Uint8Array =>
  bytesOf(name(owner), be16(type), be16(netClass))

export function record(
  owner: string | Uint8Array,
  type: number,
  data: Part,
  netClass = 1,
): Uint8Array {
  const body = bytesOf(data)
  const labels = typeof owner === 'string' ? name(owner) : owner
  return bytesOf(labels, be16(type), be16(netClass), be32(120), be16(body.length), body)
}

/** Text strings of a TXT record. */
export const strings = (...texts: readonly string[]): Uint8Array =>
  bytesOf(...texts.map((text) => bytesOf(text.length, text)))

interface DnsShape {
  readonly flags?: number
  readonly questions?: readonly Uint8Array[]
  readonly answers?: readonly Uint8Array[]
  readonly authorities?: readonly Uint8Array[]
  readonly additionals?: readonly Uint8Array[]
}

export function dnsMessage(shape: DnsShape): Uint8Array {
  const sections = [shape.questions, shape.answers, shape.authorities, shape.additionals]
  return bytesOf(
    be16(0x1234),
    be16(shape.flags ?? 0x0100),
    ...sections.map((section) => be16(section?.length ?? 0)),
    ...sections.flatMap((section) => section ?? []),
  )
}

export const QUERY = dnsMessage({ questions: [question('Updates.Pump-Maker.example', 1)] })

export const ANSWER = dnsMessage({
  flags: 0x8180,
  questions: [question('updates.pump-maker.example', 1)],
  answers: [
    record(bytesOf(be16(0xc00c)), 5, name('edge.cdn.example')),
    record('edge.cdn.example', 1, address('192.0.2.7')),
    record('edge.cdn.example', 28, address('2001:db8::7')),
  ],
})

export const UPDATE = dnsMessage({
  flags: 0x2800,
  questions: [question('hospital.example', 6)],
  authorities: [record('ct-2.hospital.example', 1, address('10.1.2.3'))],
})

export const VERSION = dnsMessage({
  flags: 0x8500,
  questions: [question('version.bind', 16, 3)],
  answers: [record('version.bind', 16, strings('9.18.1'), 3)],
})

const sample = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'dns',
  over: 'udp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', QUERY),
  sample('server', ANSWER),
  sample('client', UPDATE),
  sample('server', VERSION),
  sample(
    'server',
    dnsMessage({
      flags: 0x8580,
      questions: [question('3.2.1.10.in-addr.arpa', 12)],
      answers: [record(bytesOf(be16(0xc00c)), 12, name('ct-2.hospital.example'))],
    }),
  ),
  { protocol: 'dns', over: 'tcp', from: 'client', bytes: bytesOf(be16(QUERY.length), QUERY) },
]
