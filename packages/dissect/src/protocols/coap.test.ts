import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { GET, LINKS } from '../testing/samples/coap.ts'
import { coap } from './coap.ts'

test('what is asked for and offered', () => {
  expect(
    converse(coap, [
      ['client', GET],
      ['server', LINKS],
    ]).lines,
  ).toEqual([
    'client coap.method get',
    'client coap.path /.well-known/core',
    'server coap.resource-type oic.r.temperature',
  ])
})

test.each([
  ['a request on its port', GET, 5683, 'strong'],
  ['elsewhere', GET, 9999, 'weak'],
  ['an answer elsewhere', LINKS, 9999, 'no'],
  ['a payload mark with nothing behind', bytesOf(GET, 0xff), 5683, 'no'],
  ['an option that does not fit', bytesOf(GET, 0x0d), 5683, 'no'],
  ['version 2', bytesOf(0x82, GET.subarray(1)), 5683, 'no'],
])('%s', (_case, message, serverPort, likeness) => {
  expect(readMessage(coap, message, testContext({ serverPort })).likeness).toBe(likeness)
})
