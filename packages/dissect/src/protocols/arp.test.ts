import { expect, test } from 'vitest'
import { readMessage } from '../testing/facts.ts'
import { arpMessage } from '../testing/samples/arp.ts'
import { arp } from './arp.ts'

const mac = '00:1a:22:03:cb:be'
const owner = { mac, ip: '10.0.0.7' }

test('a request tells the asker and whom it asks for', () => {
  expect(readMessage(arp, arpMessage({})).facts).toEqual([
    { subject: 'client', field: 'arp.sender-mac', value: mac },
    { subject: owner, field: 'arp.address', value: '10.0.0.7' },
    { subject: owner, field: 'arp.request', value: '10.0.0.1' },
  ])
})

test('a reply is told from a request', () => {
  const { facts } = readMessage(arp, arpMessage({ operation: 2, target: '10.0.0.9' }))
  expect(facts).toContainEqual({ subject: owner, field: 'arp.reply', value: '10.0.0.7' })
})

test.each([1, 2])('an announcement by operation %i is gratuitous', (operation) => {
  const { facts } = readMessage(arp, arpMessage({ operation, target: '10.0.0.7' }))
  expect(facts.map((fact) => fact.field)).toEqual([
    'arp.sender-mac',
    'arp.address',
    'arp.gratuitous',
  ])
})

test('a probe claims no address', () => {
  expect(readMessage(arp, arpMessage({ ip: '0.0.0.0', target: '10.0.0.7' })).facts).toEqual([
    { subject: 'client', field: 'arp.sender-mac', value: mac },
    { subject: { mac }, field: 'arp.probe', value: '10.0.0.7' },
  ])
})

test('a group address sends nothing', () => {
  expect(readMessage(arp, arpMessage({ mac: 'ff:ff:ff:ff:ff:ff' })).facts).toEqual([])
})

test('only ARP for IPv4 over Ethernet is its own', () => {
  expect(readMessage(arp, arpMessage({})).likeness).toBe('strong')
  expect(readMessage(arp, arpMessage({ operation: 9 })).likeness).toBe('no')
  expect(readMessage(arp, arpMessage({}).subarray(0, 7)).likeness).toBe('no')
})

test('a message that is cut says nothing', () => {
  const cut = readMessage(arp, arpMessage({}).subarray(0, 27))
  expect(cut.facts).toEqual([])
  expect(cut.isConsumed).toBe(false)
})
