import type { Part } from '../frames.ts'
import { element, integer, octets, sequence } from './ber.ts'
import type { Sample } from './sample.ts'

/** A message (RFC 4511 §4.1.1). */
export function ldapMessage(id: number, tag: number, ...body: readonly Part[]): Uint8Array {
  return sequence(integer(id), element(tag, ...body))
}

export const simpleBind = (name: string, password: string) =>
  ldapMessage(1, 0x60, integer(3), octets(name), element(0x80, password))
export const SASL_BIND = ldapMessage(
  1,
  0x60,
  integer(3),
  octets(''),
  element(0xa3, octets('GSS-SPNEGO'), octets('x')),
)
const result = (code: number) => [...element(0x0a, code), ...octets(''), ...octets('')]
export const BIND_ANSWER = ldapMessage(1, 0x61, result(49))
const attribute = (name: string, ...values: readonly string[]) =>
  sequence(octets(name), element(0x31, ...values.map((value) => octets(value))))
export const entry = (name: string) =>
  ldapMessage(
    2,
    0x64,
    octets(name),
    sequence(
      attribute('dnsHostName', 'dc1.ward.example'),
      attribute('supportedSASLMechanisms', 'GSSAPI', 'EXTERNAL'),
      attribute('displayName', 'Maria Muster'),
    ),
  )
export const START_TLS = ldapMessage(3, 0x77, element(0x80, '1.3.6.1.4.1.1466.20037'))
export const TLS_ANSWER = ldapMessage(3, 0x78, result(0))
export const UNBIND = ldapMessage(4, 0x42)

const sample = (from: Sample['from'], bytes: Uint8Array, over: Sample['over'] = 'tcp'): Sample => ({
  protocol: 'ldap',
  over,
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('client', simpleBind('cn=x', 'y')),
  sample('client', SASL_BIND),
  sample('server', BIND_ANSWER),
  sample('server', entry('')),
  sample('client', START_TLS),
  sample('server', TLS_ANSWER),
  sample('server', entry(''), 'udp'),
]
