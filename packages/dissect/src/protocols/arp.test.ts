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

test('who starts asks for an address of its own, and who answers gives it', () => {
  const asked = { operation: 3, ip: '0.0.0.0', targetMac: mac, target: '0.0.0.0' }
  expect(readMessage(arp, arpMessage(asked)).facts).toEqual([
    { subject: 'client', field: 'arp.sender-mac', value: mac },
    { subject: { mac }, field: 'arp.reverse-request', value: mac },
  ])
  const targetMac = '00:1a:22:00:00:09'
  const given = { operation: 4, targetMac, target: '10.0.0.9' }
  expect(readMessage(arp, arpMessage(given)).facts).toEqual([
    { subject: 'client', field: 'arp.sender-mac', value: mac },
    { subject: { mac: targetMac, ip: '10.0.0.9' }, field: 'arp.reverse-reply', value: '10.0.0.9' },
    { subject: owner, field: 'arp.address', value: '10.0.0.7' },
  ])
})

test('of ARP for another network the hardware is told, and no address', () => {
  const infiniband = arpMessage({}).with(1, 32).with(4, 20)
  expect(readMessage(arp, infiniband)).toMatchObject({
    likeness: 'weak',
    facts: [{ subject: 'client', field: 'arp.hardware', value: '32' }],
  })
  expect(readMessage(arp, infiniband.with(7, 0)).likeness).toBe('no')
  expect(readMessage(arp, infiniband.with(6, 1)).likeness).toBe('no')
})

test('only known operations over Ethernet for IPv4 are its own', () => {
  expect(readMessage(arp, arpMessage({})).likeness).toBe('strong')
  expect(readMessage(arp, arpMessage({ operation: 9 })).likeness).toBe('no')
  expect(readMessage(arp, arpMessage({}).subarray(0, 7)).likeness).toBe('no')
})

test('a message that is cut says nothing', () => {
  const cut = readMessage(arp, arpMessage({}).subarray(0, 27))
  expect(cut.facts).toEqual([])
  expect(cut.isConsumed).toBe(false)
})
