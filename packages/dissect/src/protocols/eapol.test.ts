import { expect, test } from 'vitest'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  ASKS_FOR_TLS,
  COMPUTER,
  eapMessage,
  eapolMessage,
  PERSON,
  SETUP,
  START,
  WANTS_OTHERS,
} from '../testing/samples/eapol.ts'
import { eapol } from './eapol.ts'

const said = (message: Uint8Array) =>
  readMessage(eapol, message).facts.map(({ subject, field, value }) => {
    expect(subject).toBe('client')
    return `${field.slice('eapol.'.length)}=${value}`
  })

const EAP = ['version=2', 'type=eap']

test('a computer asks to be let in and gives its name', () => {
  expect(said(START)).toEqual(['version=2', 'type=start', 'role=supplicant'])
  expect(said(COMPUTER)).toEqual([
    ...EAP,
    'role=supplicant',
    'identity=host/pump-server.hospital.example',
  ])
})

test('what follows the NUL of a name is not read', () => {
  expect(said(eapMessage(2, 1, 'host/pc\0realm'))).toContain('identity=host/pc')
})

test('the name of a person is not read', () => {
  expect(said(PERSON)).toEqual([...EAP, 'role=supplicant'])
  expect(said(eapMessage(2, 1, 'nurse@host/'))).toEqual([...EAP, 'role=supplicant'])
})

test('a switch asks for a method, and what it asks is no identity', () => {
  expect(said(ASKS_FOR_TLS)).toEqual([...EAP, 'role=authenticator', 'method=tls'])
  expect(said(eapMessage(1, 1, 'host/hello'))).toEqual([...EAP, 'role=authenticator'])
})

test('a refusal lists what would be taken', () => {
  expect(said(WANTS_OTHERS)).toEqual([...EAP, 'role=supplicant', 'method=peap', 'method=ttls'])
})

test('an expanded method is known by its vendor', () => {
  expect(said(SETUP)).toContain('method=wps')
  const other = eapMessage(1, 254, [0, 0, 9], [0, 0, 0, 1])
  expect(said(other)).toEqual([...EAP, 'role=authenticator'])
})

test('an unknown method is none', () => {
  expect(said(eapMessage(2, 200, 'x'))).toEqual([...EAP, 'role=supplicant'])
})

test.each([3, 4])('the outcome %i comes from the switch', (code) => {
  expect(said(eapMessage(code))).toEqual([...EAP, 'role=authenticator'])
  // What would be a type does not count.
  expect(said(eapMessage(code, 13))).toEqual([...EAP, 'role=authenticator'])
})

test('keys are not read', () => {
  // Read as EAP this would be an answer with a method.
  const key = eapolMessage(3, 2, 0, 0, 5, 13, new Uint8Array(90).fill(0x41))
  expect(said(key)).toEqual(['version=2', 'type=key'])
})

test('EAP that is longer than its packet tells nothing', () => {
  expect(said(eapolMessage(0, 1, 41, [0, 60], 13))).toEqual(EAP)
  expect(said(eapolMessage(0, 1, 41, [0, 3], 13))).toEqual(EAP)
})

test('version, type and length decide; padding does not', () => {
  expect(readMessage(eapol, bytesOf(START, new Uint8Array(42))).likeness).toBe('strong')
  expect(readMessage(eapol, bytesOf(0, START.subarray(1))).likeness).toBe('no')
  expect(readMessage(eapol, bytesOf(4, START.subarray(1))).likeness).toBe('no')
  expect(readMessage(eapol, eapolMessage(9)).likeness).toBe('no')
  expect(readMessage(eapol, COMPUTER.subarray(0, 30)).likeness).toBe('no')
})
