import { expect, test } from 'vitest'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { aggregated, BUNDLE, lacpMessage, NOBODY } from '../testing/samples/lacp.ts'
import { lacp } from './lacp.ts'

const said = (message: Uint8Array) =>
  readMessage(lacp, message).facts.map(({ subject, field, value }) => {
    expect(subject).toBe('client')
    return `${field.slice('lacp.'.length)}=${value}`
  })

test('a switch says who it is and whom it is bundled with', () => {
  expect(said(BUNDLE)).toEqual([
    'system=32768 00:13:c4:00:00:80',
    'port=24',
    'mode=active',
    'rate=slow',
    'partner-system=32768 00:0e:83:00:00:40',
  ])
  expect(readMessage(lacp, BUNDLE).isConsumed).toBe(true)
})

test('a server that nobody answers has no partner', () => {
  const alone = lacpMessage(
    aggregated(1, '00:13:c4:00:00:80', 1, 0x46),
    aggregated(2, NOBODY, 0, 0),
  )
  expect(said(alone)).toEqual([
    'system=32768 00:13:c4:00:00:80',
    'port=1',
    'mode=passive',
    'rate=fast',
  ])
})

test('only a partner is read as one', () => {
  const actor = aggregated(1, '00:13:c4:00:00:80', 24, 0x3d)
  expect(said(lacpMessage(actor, aggregated(4, '00:0e:83:00:00:40', 4, 0x3f)))).toHaveLength(4)
  expect(said(lacpMessage(actor, bytesOf(2, 12, new Uint8Array(10))))).toHaveLength(4)
})

test('a message that ends in its actor is broken and tells nothing', () => {
  expect(said(BUNDLE.subarray(0, 20))).toEqual([])
  expect(readMessage(lacp, BUNDLE.subarray(0, 20)).isConsumed).toBe(false)
})

test('subtype, version and the actor decide', () => {
  expect(readMessage(lacp, BUNDLE).likeness).toBe('strong')
  // Markers, OAM, organizations.
  for (const subtype of [2, 3, 10]) {
    expect(readMessage(lacp, bytesOf(subtype, BUNDLE.subarray(1))).likeness).toBe('no')
  }
  expect(readMessage(lacp, bytesOf(1, 0, BUNDLE.subarray(2))).likeness).toBe('no')
  expect(readMessage(lacp, bytesOf(1, 1, 2, BUNDLE.subarray(3))).likeness).toBe('no')
  expect(readMessage(lacp, bytesOf(1, 1, 1, 19, BUNDLE.subarray(4))).likeness).toBe('no')
  expect(readMessage(lacp, BUNDLE.subarray(0, 3)).likeness).toBe('no')
})
