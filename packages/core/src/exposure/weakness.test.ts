import { expect, test } from 'vitest'
import type { ObservedFact } from '../vocabulary.ts'
import { findWeaknesses, WEAKNESS_RULES } from './weakness.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-06-01T00:00:00Z')

function fact(field: string, value: string, last = NOW): ObservedFact {
  const evidence = { file: 'a.pcapng', frame: 12 }
  return { subject: {}, field, value, sensor: 's', first: last, last, count: 1, evidence }
}

function codes(...facts: readonly ObservedFact[]): readonly string[] {
  return findWeaknesses(facts, NOW).map(({ code }) => code)
}

test.each([
  ['hl7.transport', 'cleartext', 'cleartext-hl7'],
  ['dicom.transport', 'cleartext', 'cleartext-dicom'],
  ['sdc.transport', 'cleartext', 'cleartext-device'],
  ['poct1a.transport', 'cleartext', 'cleartext-device'],
  ['telnet.session', 'login', 'telnet'],
  ['ftp.login', 'true', 'ftp-login'],
  ['http.login', 'basic', 'http-login'],
  ['smb.dialect', 'NT LM 0.12', 'smb1'],
  ['smb.dialect', 'SMB1', 'smb1'],
  ['smb.dialect', 'SMB 1 (NT LM 0.12)', 'smb1'],
  ['smb.dialect', 'SMB 1 (NT LANMAN 1.0)', 'smb1'],
  ['smb.session', 'guest', 'anonymous-access'],
  ['ftp.anonymous', 'accepted', 'anonymous-access'],
  ['fhir.transport', 'cleartext', 'cleartext-fhir'],
  ['pop3.login', 'cleartext', 'mail-login'],
  ['tls.weak-cipher', '3DES', 'weak-cipher'],
  ['snmp.community-default', 'true', 'default-snmp-community'],
  ['tls.version', 'TLS 1.0', 'old-tls'],
  ['tls.version', 'TLSv1.1', 'old-tls'],
  ['tls.version', '1.0', 'old-tls'],
  ['tls.version', 'SSL 3.0', 'old-tls'],
  ['snmp.community-default', 'public', 'default-snmp-community'],
  ['tls.certificate-not-after', '2021-05-01T00:00:00Z', 'expired-certificate'],
])('%s %s is %s', (field, value, code) => {
  expect(codes(fact(field, value))).toEqual([code])
})

test.each([
  ['hl7.transport', 'tls'],
  ['dicom.transport', 'tls'],
  ['smb.dialect', '3.1.1'],
  ['smb.dialect', 'SMB 3.1.1'],
  ['smb.dialect', 'SMB 2.1'],
  ['snmp.community-default', 'false'],
  ['smb.session', 'user'],
  ['smb.dialect', '2.1'],
  ['tls.version', 'TLS 1.2'],
  ['tls.version', '1.3'],
  ['tls.certificate-not-after', '2031-05-01T00:00:00Z'],
  ['tls.certificate-not-after', 'no date'],
  ['http.server', 'telnet'],
])('%s %s is none', (field, value) => {
  expect(codes(fact(field, value))).toEqual([])
})

test('the worst comes first, with the frame it was seen in', () => {
  const found = findWeaknesses([fact('tls.version', '1.0'), fact('telnet.session', 'x')], NOW)
  expect(found.map(({ code }) => code)).toEqual(['telnet', 'old-tls'])
  expect(found[0]?.evidence).toMatchObject([
    { field: 'telnet.session', file: 'a.pcapng', frame: 12, rule: 'telnet' },
  ])
})

test('is gone when the device lived on for a month without it, not when the device fell silent', () => {
  const old = fact('telnet.session', 'x', NOW - 31 * DAY)
  expect(codes(old)).toEqual(['telnet'])
  expect(codes(old, fact('http.server', 'x', NOW))).toEqual([])
  expect(codes(old, fact('http.server', 'x', NOW - 5 * DAY))).toEqual(['telnet'])
})

test('codes are distinct and sorted', () => {
  const all = WEAKNESS_RULES.map(({ code }) => code)
  expect(all).toEqual([...new Set(all)].toSorted())
})

test('one frame with a clock years ahead makes nothing that was seen before it old', () => {
  const future = fact('http.server', 'x', NOW + 5000 * DAY)
  expect(codes(fact('telnet.session', 'login'), future)).toEqual(['telnet'])
})
