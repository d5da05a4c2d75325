import { be32, bytesOf, type Part } from '../frames.ts'
import { element, integer, octets, sequence } from './ber.ts'
import type { Sample } from './sample.ts'

const text = (value: string) => element(0x1b, value)
const field = (number: number, ...value: readonly Part[]) => element(0xa0 + number, ...value)
const principal = (kind: number, ...parts: readonly string[]) =>
  sequence(field(0, integer(kind)), field(1, sequence(...parts.map(text))))

/** A request for a ticket (RFC 4120 §5.4.1). */
export function asRequest(client: string, ...service: readonly string[]): Uint8Array {
  const body = sequence(
    field(0, element(3, 0, be32(0x40810010))),
    field(1, principal(1, client)),
    field(2, text('WARD.EXAMPLE')),
    field(3, principal(2, ...service)),
    field(7, integer(9)),
    field(8, sequence(integer(18), integer(23))),
    field(9, sequence(sequence(field(0, integer(20)), field(1, octets('PACS-2          '))))),
  )
  return element(0x6a, sequence(field(1, integer(5)), field(2, integer(10)), field(4, body)))
}

const encrypted = (kind: number) => sequence(field(0, integer(kind)), field(2, octets('secret')))

export function asReply(client: string, kind: number): Uint8Array {
  const ticket = element(
    0x61,
    sequence(
      field(0, integer(5)),
      field(1, text('WARD.EXAMPLE')),
      field(2, principal(2, 'krbtgt', 'WARD.EXAMPLE')),
      field(3, encrypted(kind)),
    ),
  )
  return element(
    0x6b,
    sequence(
      field(0, integer(5)),
      field(1, integer(11)),
      field(3, text('WARD.EXAMPLE')),
      field(4, principal(1, client)),
      field(5, ticket),
      field(6, encrypted(18)),
    ),
  )
}

export const ERROR = element(
  0x7e,
  sequence(
    field(0, integer(5)),
    field(1, integer(30)),
    field(4, element(0x18, '20260101000000Z')),
    field(5, integer(0)),
    field(6, integer(25)),
    field(9, text('WARD.EXAMPLE')),
    field(10, principal(2, 'krbtgt', 'WARD.EXAMPLE')),
  ),
)
export const REQUEST = asRequest('PACS-2$', 'krbtgt', 'WARD.EXAMPLE')
export const REPLY = asReply('PACS-2$', 23)
export const onStream = (message: Uint8Array) => bytesOf(be32(message.length), message)

const sample = (from: Sample['from'], bytes: Uint8Array, over: Sample['over'] = 'udp'): Sample => ({
  protocol: 'kerberos',
  over,
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('client', REQUEST),
  sample('server', REPLY),
  sample('server', ERROR),
  sample('client', onStream(REQUEST), 'tcp'),
]
