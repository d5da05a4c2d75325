import { expect, test } from 'vitest'
import type { Dissector } from '../dissector.ts'
import { pcap } from '../testing/captures.ts'
import { readMessage } from '../testing/facts.ts'
import { udpFrames } from '../testing/frames.ts'
import { observe } from '../testing/observe.ts'
import { ADDP, LANTRONIX, MOXA } from '../testing/samples/serial-gateways.ts'
import { addp } from './addp.ts'
import { lantronix } from './lantronix.ts'
import { moxa } from './moxa.ts'

const linesOf = (dissector: Dissector, message: Uint8Array) =>
  readMessage(dissector, message).facts.map(
    ({ subject, field, value }) =>
      `${typeof subject === 'string' ? subject : [subject.mac, subject.ip].filter(Boolean).join(' ')} ${field} ${value}`,
  )

test('a Moxa gateway says its model, address, name and serial number', () => {
  expect(linesOf(moxa, MOXA.discover)).toEqual(['client moxa.request discover'])
  expect(linesOf(moxa, MOXA.found)).toEqual([
    '00:90:e8:aa:bb:cc 192.168.127.254 moxa.model-id 511a',
    '00:90:e8:aa:bb:cc 192.168.127.254 moxa.address 192.168.127.254',
  ])
  expect(linesOf(moxa, MOXA.name)[1]).toBe('00:90:e8:aa:bb:cc moxa.name ICU ventilators')
  expect(linesOf(moxa, MOXA.serial)[1]).toBe('00:90:e8:aa:bb:cc moxa.serial 4711')
})

test('a Digi gateway says its model, firmware, name and ports', () => {
  expect(linesOf(addp, ADDP.found)).toEqual([
    '00:40:9d:11:22:33 10.0.0.9 addp.address 10.0.0.9',
    '00:40:9d:11:22:33 10.0.0.9 addp.network-name lab-gateway',
    '00:40:9d:11:22:33 10.0.0.9 addp.firmware Version 82000770_J 04/14/2008',
    '00:40:9d:11:22:33 10.0.0.9 addp.model Digi One SP',
    '00:40:9d:11:22:33 10.0.0.9 addp.hardware 3',
    '00:40:9d:11:22:33 10.0.0.9 addp.serial-ports 1',
  ])
  expect(linesOf(addp, ADDP.reboot)).toEqual(['client addp.request reboot'])
})

test('a Lantronix gateway gives its MAC, and whoever asks for its setup is told of', () => {
  expect(linesOf(lantronix, LANTRONIX.found)).toEqual([
    '00:20:4a:01:02:03 lantronix.mac 00:20:4a:01:02:03',
  ])
  expect(linesOf(lantronix, LANTRONIX.askSetup)).toEqual(['client lantronix.request setup-record'])
  expect(linesOf(lantronix, LANTRONIX.setup)).toEqual(['client lantronix.tells setup-record'])
})

test.each([
  [moxa, MOXA.found, 'strong'],
  [moxa, MOXA.found.with(14, 2), 'weak'],
  [moxa, MOXA.discover, 'weak'],
  [moxa, MOXA.name.subarray(0, 50), 'no'],
  [addp, ADDP.discover, 'strong'],
  [addp, ADDP.found.with(7, 1), 'no'],
  [lantronix, LANTRONIX.found, 'strong'],
  [lantronix, LANTRONIX.discover, 'weak'],
  [lantronix, new Uint8Array(30), 'no'],
] as const)('likeness %#', (dissector, message, likeness) => {
  expect(readMessage(dissector, message).likeness).toBe(likeness)
})

test('weak ones are believed on their port only', () => {
  for (const [port, protocol] of [
    [30_718, 'lantronix'],
    [40_000, undefined],
  ] as const) {
    const [flow] = observe(pcap(udpFrames({ server: { port } }, [['client', LANTRONIX.discover]])))
    expect(flow?.protocol ?? undefined).toBe(protocol)
  }
})
