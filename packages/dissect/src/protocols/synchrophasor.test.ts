import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { CONFIGURATION, HEADER, START } from '../testing/samples/synchrophasor.ts'
import { synchrophasor, synchrophasorUdp } from './synchrophasor.ts'

test.each([
  [synchrophasor, Infinity],
  [synchrophasor, 100],
  [synchrophasorUdp, Infinity],
])('tells streams, stations and commands (%#)', (dissector, piece) => {
  const { lines } = converse(
    dissector,
    [
      ['client', START],
      ['server', CONFIGURATION],
      ['server', HEADER],
    ],
    {},
    piece,
  )
  expect(lines).toEqual([
    'client synchrophasor.command start-data',
    'server synchrophasor.id-code 7',
    'server synchrophasor.id-code 7',
    'server synchrophasor.station Station A (7734)',
    'server synchrophasor.station Station B (7735)',
    'server synchrophasor.id-code 7',
    'server synchrophasor.header Main incomer',
  ])
})

test.each([
  ['a command', START, 'strong'],
  ['a command cut', START.slice(0, 10), 'incomplete'],
  ['a command whose check is wrong', START.map((byte, at) => (at === 6 ? 1 : byte)), 'no'],
] as const)('%s', (_case, message, likeness) => {
  expect(readMessage(synchrophasor, message).likeness).toBe(likeness)
})
