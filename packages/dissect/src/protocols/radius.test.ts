import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { ACCEPT, ACCOUNTING, attribute, radiusMessage } from '../testing/samples/radius.ts'
import { radius } from './radius.ts'

test('accounting says which station is where, and not who uses it', () => {
  const { lines } = converse(radius, [['client', ACCOUNTING]])
  expect(lines).toEqual([
    'client radius.message accounting-request',
    'client radius.nas-identifier wlc-1',
    'client radius.nas-address 10.1.1.2',
    'client radius.nas-port-type wireless-802.11',
    'client radius.ssid MEDICAL',
    '00:1a:22:03:cb:be radius.framed-address 10.1.9.7',
    '00:1a:22:03:cb:be radius.session start',
    '00:1a:22:03:cb:be radius.nas wlc-1',
  ])
})

test.each(['001a.2203.cbbe', '00:1A:22:03:CB:BE', '001a2203cbbe'])('%s is a MAC', (text) => {
  const message = radiusMessage(4, attribute(31, text), attribute(40, [0, 0, 0, 2]))
  expect(converse(radius, [['client', message]]).lines).toContain(
    '00:1a:22:03:cb:be radius.session stop',
  )
})

test('a telephone number is no station', () => {
  const message = radiusMessage(4, attribute(31, '004930123456'), attribute(40, [0, 0, 0, 2]))
  const named = radiusMessage(4, attribute(31, 'maria'), attribute(40, [0, 0, 0, 2]))
  expect(converse(radius, [['client', named]]).lines).toHaveLength(1)
  expect(converse(radius, [['client', message]]).lines).toHaveLength(1)
})

test.each([
  ['a request on another port', ACCOUNTING, 9999, 'strong'],
  ['an answer', ACCEPT, 1812, 'strong'],
  ['an answer with nothing in it', radiusMessage(5), 1813, 'weak'],
  ['the same elsewhere', radiusMessage(5), 9999, 'no'],
  ['padding behind, on its port', bytesOf(ACCEPT, 0), 1812, 'strong'],
  ['padding behind, elsewhere', bytesOf(ACCEPT, 0), 9999, 'no'],
  ['attributes that do not fit', radiusMessage(1, [1, 9, 0]), 1812, 'weak'],
  ['the same elsewhere', radiusMessage(1, [1, 9, 0]), 9999, 'no'],
  ['an unknown code', radiusMessage(99, attribute(1, 'x')), 1812, 'no'],
])('%s', (_case, message, serverPort, likeness) => {
  expect(readMessage(radius, message, testContext({ serverPort })).likeness).toBe(likeness)
})
