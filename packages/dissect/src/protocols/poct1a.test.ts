import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import type { Said } from '../testing/frames.ts'
import {
  ACKNOWLEDGE,
  HELLO,
  OPERATORS,
  OTHER_HELLO,
  RESULT,
  STATUS,
} from '../testing/samples/poct1a.ts'
import { poct1a } from './poct1a.ts'

const linesOf = (said: readonly Said[], piece = Infinity) =>
  converse(poct1a, said, {}, piece).lines.filter((line) => !line.endsWith(' cleartext'))

test.each([Infinity, 7])('a greeting names the device, in pieces of %d', (piece) => {
  const said: Said[] = [
    ['client', HELLO],
    ['server', ACKNOWLEDGE],
    ['client', `${STATUS}${RESULT}`],
    ['server', OPERATORS],
  ]
  expect(linesOf(said, piece)).toEqual([
    'client poct1a.message HEL.R01',
    'client poct1a.device-id 0009FBFFFE059322',
    'client poct1a.vendor EXAMPLEMED',
    'client poct1a.model Gluco & 2',
    'client poct1a.serial SN9',
    'client poct1a.manufacturer Examplemed',
    'client poct1a.hardware K1',
    'client poct1a.software 4.4.0.0',
    'client poct1a.device-name ICU meter',
    'client poct1a.location HOSP^ICU',
    'client poct1a.version POCT1',
    'server poct1a.message ACK.R01',
    'client poct1a.message DST.R01',
    'client poct1a.condition R',
    'client poct1a.message OBS.R01',
    'server poct1a.message OPL.R01',
  ])
})

test('values stand in the attribute or, where it is empty, in the element', () => {
  expect(linesOf([['client', OTHER_HELLO]]).slice(1, 3)).toEqual([
    'client poct1a.device-id HOSP^ICU',
    'client poct1a.software 3.10',
  ])
})

test.each([
  ['a greeting', HELLO, 'strong'],
  ['one without a declaration', OTHER_HELLO, 'strong'],
  ["a maker's own directive", '<DTV.SIEM.DVCMD><HDR/></DTV.SIEM.DVCMD>', 'strong'],
  ['the start of one', HELLO.slice(0, 45), 'incomplete'],
  ['another root', '<?xml version="1.0"?><root/>', 'no'],
  ['a page', '<html><head>', 'no'],
  ['a root that only looks alike', '<ABC.R01>', 'no'],
] as const)('the likeness of %s', (_case, message, likeness) => {
  expect(readMessage(poct1a, message).likeness).toBe(likeness)
})
