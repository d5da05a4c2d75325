import { expect, test } from 'vitest'
import { readMessage } from '../testing/facts.ts'
import { be16, bytesOf } from '../testing/frames.ts'
import { edpMessage, edpTlv, edpVlan, SWITCH } from '../testing/samples/edp.ts'
import { edp } from './edp.ts'

const said = (message: Uint8Array) =>
  readMessage(edp, message).facts.map(({ subject, field, value }) => {
    expect(subject).toBe('client')
    return `${field.slice('edp.'.length)}=${value}`
  })

const MACHINE = 'machine-id=00:04:96:00:00:10'

test('a switch says all about itself', () => {
  expect(said(SWITCH)).toEqual([
    MACHINE,
    'name=sw-icu-3',
    'slot-port=1/13',
    'software-version=15.6.2.12',
    'vlan=30 MEDICAL',
    'address=10.0.3.2',
    'vlan=Default',
  ])
  expect(readMessage(edp, SWITCH).isConsumed).toBe(true)
})

test('what follows the NUL of a name is not read', () => {
  expect(said(edpMessage(edpTlv(1, 'S1\0junk')))).toEqual([MACHINE, 'name=S1'])
})

test('padding and what follows the end are not read', () => {
  const padded = bytesOf(edpMessage(edpTlv(1, 'S1')), edpTlv(1, 'S2'))
  expect(said(padded)).toEqual([MACHINE, 'name=S1'])
  expect(said(edpMessage(edpTlv(0), edpTlv(1, 'S2')))).toEqual([MACHINE])
})

test.each([
  ['another mark', bytesOf(0x98, edpTlv(1, 'S1').subarray(1))],
  ['a length below four', bytesOf(0x99, 1, be16(3))],
  ['a length that lies', bytesOf(0x99, 1, be16(99), 'S1')],
])('%s ends the list', (_, tlv) => {
  expect(said(edpMessage(edpVlan(1, '0.0.0.0', 'A'), tlv, edpTlv(1, 'S2')))).toEqual([
    MACHINE,
    'vlan=1 A',
  ])
})

test('a TLV that is too short tells nothing', () => {
  expect(said(edpMessage(edpTlv(2, be16(0), be16(12)), edpTlv(5, 0, 0, be16(30))))).toEqual([
    MACHINE,
  ])
})

test('a machine that is named by no MAC has none', () => {
  const other = bytesOf(SWITCH.subarray(0, 8), be16(1), SWITCH.subarray(10))
  expect(said(other)[0]).toBe('name=sw-icu-3')
})

test('version, length and the first mark decide', () => {
  expect(readMessage(edp, SWITCH).likeness).toBe('strong')
  expect(readMessage(edp, edpMessage()).likeness).toBe('strong')
  expect(readMessage(edp, bytesOf(2, SWITCH.subarray(1))).likeness).toBe('no')
  expect(readMessage(edp, SWITCH.subarray(0, 40)).likeness).toBe('no')
  expect(readMessage(edp, edpMessage(Uint8Array.of(0x98, 1, 0, 4))).likeness).toBe('no')
})
