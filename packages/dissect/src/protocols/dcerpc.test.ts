import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { bind, BIND_ACK, MAP_ANSWER, MAPPER, SAMR } from '../testing/samples/dcerpc.ts'
import { dcerpc } from './dcerpc.ts'

test('the endpoint mapper says where an interface is', () => {
  const { lines } = converse(
    dcerpc,
    [
      ['client', bind(MAPPER)],
      ['server', BIND_ACK],
      ['server', MAP_ANSWER],
    ],
    {},
    15,
  )
  expect(lines).toEqual([
    'server dcerpc.interface epmapper',
    'client dcerpc.calls epmapper',
    'server dcerpc.address 135',
    'server dcerpc.endpoint samr tcp/49153',
  ])
})

test('an answer of another interface has no towers', () => {
  const { lines } = converse(dcerpc, [
    ['client', bind(SAMR)],
    ['server', MAP_ANSWER],
  ])
  expect(lines).toEqual(['server dcerpc.interface samr', 'client dcerpc.calls samr'])
})

test('an unknown interface is told by its number', () => {
  const { lines } = converse(dcerpc, [['client', bind('00112233-4455-6677-8899-aabbccddeeff')]])
  expect(lines[0]).toBe('server dcerpc.interface 00112233-4455-6677-8899-aabbccddeeff v3')
})

test.each([
  ['a bind', bind(MAPPER), 'strong'],
  ['its start', bind(MAPPER).subarray(0, 10), 'incomplete'],
  ['version 4', bytesOf(4, bind(MAPPER).subarray(1)), 'no'],
  ['SOCKS 5', bytesOf([5, 2, 0, 2], new Uint8Array(20)), 'no'],
])('%s', (_case, bytes, likeness) => {
  expect(readMessage(dcerpc, bytes).likeness).toBe(likeness)
})
