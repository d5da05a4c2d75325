import { expect, test } from 'vitest'
import { readMessage } from '../testing/facts.ts'
import { be16, bytesOf } from '../testing/frames.ts'
import {
  bpdu,
  bridgeId,
  CONFIGURATION,
  MULTIPLE,
  PER_VLAN,
  RAPID,
  region,
  TOPOLOGY_CHANGE,
} from '../testing/samples/stp.ts'
import { stp } from './stp.ts'

const said = (message: Uint8Array) => {
  const { likeness, facts, isConsumed } = readMessage(stp, message)
  expect(likeness).toBe('strong')
  expect(isConsumed).toBe(true)
  return facts.map(({ subject, field, value }) => {
    expect(subject).toBe('client')
    return `${field.slice('stp.'.length)}=${value}`
  })
}

const TREE = [
  'bridge=32768 00:1f:6d:00:00:40',
  'root=24576 00:19:06:00:00:80',
  'port=128.24',
  'vlan=30',
]

test.each([
  ['stp', CONFIGURATION],
  ['rstp', RAPID],
])('a bridge of %s says who it is and whom it follows', (version, message) => {
  expect(said(message)).toEqual([`version=${version}`, ...TREE])
})

test('a notice of a change names no bridge', () => {
  expect(said(TOPOLOGY_CHANGE)).toEqual(['version=stp'])
})

test('the sender of an MST BPDU stands behind the region, not where others have it', () => {
  expect(said(MULTIPLE)).toEqual([
    'version=mstp',
    'bridge=32768 00:1f:6d:00:00:40',
    'root=24576 00:19:06:00:00:80',
    'port=128.24',
    'region=HOSPITAL',
  ])
})

test('an MST BPDU in the order from before the standard names no sender', () => {
  const sender = bridgeId(32_768, '00:1f:6d:00:00:40')
  expect(said(bpdu(3, 0x02, {}, region('OLD', sender, 0)))).toEqual(['version=mstp'])
})

test('an MST BPDU that ends too early is broken', () => {
  const { facts, isConsumed } = readMessage(stp, MULTIPLE.subarray(0, 100))
  expect(facts).toHaveLength(1)
  expect(isConsumed).toBe(false)
})

test('without an extension there is no VLAN', () => {
  const bridge = bridgeId(0x8000, '00:1f:6d:00:00:40')
  expect(said(bpdu(0, 0x00, { bridge }))).not.toContainEqual(expect.stringMatching('vlan'))
})

test('ports have twelve bits of number', () => {
  expect(said(bpdu(0, 0x00, { port: 0x1102 }))).toContain('port=16.258')
})

test('the VLAN of a trunk is the one that it was sent in', () => {
  expect(said(PER_VLAN)).toEqual(['version=rapid-pvst', ...TREE])
  const plain = { bridge: bridgeId(0x8000, '00:1f:6d:00:00:40') }
  const sent = bpdu(0, 0x00, plain, 0, be16(0), be16(2), be16(60))
  expect(said(sent)).toContain('version=pvst')
  expect(said(sent)).toContain('vlan=60')
  // Another TLV, or padding: the extension says it.
  for (const more of [[...be16(1), ...be16(2), ...be16(60)], new Uint8Array(8)]) {
    expect(said(bpdu(0, 0x00, {}, 0, more))).toEqual(['version=stp', ...TREE])
  }
})

test('protocol identifier, version, type and length decide', () => {
  expect(readMessage(stp, bytesOf(1, CONFIGURATION.subarray(1))).likeness).toBe('no')
  expect(readMessage(stp, bpdu(1, 0x00)).likeness).toBe('no')
  expect(readMessage(stp, bpdu(0, 0x03)).likeness).toBe('no')
  expect(readMessage(stp, CONFIGURATION.subarray(0, 34)).likeness).toBe('no')
  expect(readMessage(stp, RAPID.subarray(0, 35)).likeness).toBe('no')
})
