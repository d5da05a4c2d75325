import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import type { Said } from '../testing/frames.ts'
import { observe } from '../testing/observe.ts'
import { ACCEPT, ASSOCIATE, DEVICE_ATTRIBUTES, RELEASE } from '../testing/samples/phd.ts'
import { phd } from './phd.ts'

const SAID: readonly Said[] = [
  ['client', ASSOCIATE],
  ['server', ACCEPT],
  ['client', DEVICE_ATTRIBUTES],
  ['client', RELEASE],
]

test.each([Infinity, 5])('both ends and the device are known, in pieces of %d', (piece) => {
  expect(converse(phd, SAID, {}, piece).lines).toEqual([
    'client phd.transport cleartext',
    'server phd.transport cleartext',
    'client phd.role agent',
    'client phd.system-id 0009fbfffe059322',
    'client phd.kind pulse oximeter (10404)',
    'client phd.transport cleartext',
    'server phd.transport cleartext',
    'server phd.role manager',
    'server phd.system-id 0009fbfffe059322',
    'client phd.manufacturer Examplemed',
    'client phd.model Oxi 3',
    'client phd.serial SN77',
    'client phd.software 1.8',
  ])
})

test.each([
  ['an association', ASSOCIATE, 'strong'],
  ['its acceptance', ACCEPT, 'strong'],
  ['data', DEVICE_ATTRIBUTES, 'strong'],
  ['the start of one', ASSOCIATE.subarray(0, 8), 'incomplete'],
  ['another protocol for its data', ASSOCIATE.with(12, 0x40), 'no'],
  ['a length that does not fit', DEVICE_ATTRIBUTES.with(5, 0), 'no'],
  ['text', 'GET / HTTP/1.1\r\n', 'no'],
] as const)('the likeness of %s', (_case, message, likeness) => {
  expect(readMessage(phd, message).likeness).toBe(likeness)
})

const GENUINE = new URL(
  '../../../../../shared/captures/genuine/ieee11073-phd-antidote-loopback.pcap',
  import.meta.url,
)
const isAbsent = !existsSync(GENUINE)
test.skipIf(isAbsent)(
  `four genuine devices are told apart${isAbsent ? ' (skipped: no such capture here)' : ''}`,
  () => {
    const flows = observe(readFileSync(GENUINE))
    expect(flows.map(({ protocol }) => protocol)).toEqual(['phd', 'phd', 'phd', 'phd'])
    expect(flows.map(({ values }) => values.get('phd.kind')?.[0])).toEqual([
      'pulse oximeter (10404)',
      'blood pressure monitor (10407)',
      'glucose meter (10417)',
      'weighing scale (10415)',
    ])
    expect(flows[0]?.values.get('phd.system-id')).toEqual(['1133557799bbddff', '1122334455667788'])
  },
)
