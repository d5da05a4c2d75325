import { expect, test } from 'vitest'
import { say, sayAgo, sayBytes, sayConfidence, sayField, sayMany, sayWeight } from './words.ts'

test.each([
  ['infusion-pump', 'Infusion pump'],
  ['not-in-use', 'Not in use'],
  ['ct', 'CT'],
  ['cleartext-hl7', 'Cleartext HL7'],
  ['smbv1', 'SMBv1'],
])('says %s as words', (code, words) => {
  expect(say(code)).toBe(words)
})

test('says a field of the wire as words', () => {
  expect(sayField('dhcp.vendor-class')).toBe('DHCP vendor class')
  expect(sayField('arp.sender-mac')).toBe('ARP sender MAC')
  expect(sayField('snmp.sys-descr')).toBe('SNMP system description')
})

test.each([
  [0.99, 'very sure'],
  [0.8, 'sure'],
  [0.79, 'likely'],
  [0.41, 'unsure'],
  [0.1, 'a guess'],
])('says a confidence of %d', (confidence, words) => {
  expect(sayConfidence(confidence)).toBe(words)
})

test('says weights, for and against alike', () => {
  expect(sayWeight(-3.2)).toBe('decisive')
  expect(sayWeight(0.2)).toBe('weak')
})

test('says sizes with units and numbers with their noun', () => {
  expect(sayBytes(0)).toBe('0 B')
  expect(sayBytes(1_250_000)).toBe('1.3 MB')
  expect(sayMany(1, 'device')).toBe('1 device')
  expect(sayMany(100_000, 'device')).toBe('100,000 devices')
})

test('says times from now in both directions', () => {
  const now = Date.parse('2026-06-15T12:00:00Z')
  expect(sayAgo('2026-06-15T11:57:00Z', now)).toBe('3 minutes ago')
  expect(sayAgo('2026-06-15T14:00:00Z', now)).toBe('in 2 hours')
  expect(sayAgo('2026-06-15T11:59:50Z', now)).toBe('just now')
  expect(sayAgo('2026-06-15T12:00:20Z', now)).toBe('just now')
  expect(sayAgo('2026-06-15T12:00:50Z', now)).toBe('in a moment')
})
