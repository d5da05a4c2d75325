import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf, type Said } from '../testing/frames.ts'
import {
  GREETING,
  METHOD,
  NAMED_REQUEST,
  OLD_ANSWER,
  OLD_REQUEST,
  REQUEST,
} from '../testing/samples/socks.ts'
import { socks } from './socks.ts'

test('version 5 says how to sign in and where to', () => {
  const { lines } = converse(socks, [
    ['client', GREETING],
    ['server', METHOD],
    ['client', REQUEST],
  ])
  expect(lines).toEqual([
    'client socks.version 5',
    'server socks.authentication none',
    'client socks.command connect',
    'client socks.contacts ward.example:443',
  ])
})

test('what follows is left to others once the proxy agrees', () => {
  const isLeft = (dialogue: readonly Said[]) => {
    const context = testContext({ serverPort: 1080 })
    for (const [from, message] of dialogue) {
      readMessage(socks, bytesOf(message), Object.assign(context, { from }))
    }
    return context.hasYielded
  }
  const opening: readonly Said[] = [
    ['client', GREETING],
    ['server', METHOD],
    ['client', REQUEST],
  ]
  const answer = (code: number): Said => ['server', bytesOf(5, code, 0, 1, new Uint8Array(6))]
  expect(isLeft([...opening, answer(0)])).toBe(true)
  expect(isLeft([...opening, answer(5)])).toBe(false)
  expect(isLeft([['client', OLD_REQUEST]])).toBe(false)
  const old: readonly Said[] = [
    ['client', OLD_REQUEST],
    ['server', OLD_ANSWER],
  ]
  expect(isLeft(old)).toBe(true)
})

test.each([
  [OLD_REQUEST, 'client socks.contacts 203.0.113.5:80'],
  [NAMED_REQUEST, 'client socks.contacts ward.example:80'],
])('version 4 says where to, and not for whom', (request, last) => {
  const { lines } = converse(socks, [
    ['client', request],
    ['server', OLD_ANSWER],
  ])
  expect(lines.at(-1)).toBe(last)
  expect(lines.join()).not.toContain('maria')
})

test('an answer that is none takes the guess back', () => {
  const state = { version: 5, step: 'method' }
  const context = testContext({ from: 'server', state })
  expect(readMessage(socks, bytesOf(5, 9, 9), context).isConsumed).toBe(false)
})

test.each([
  ['a greeting', GREETING, 'weak'],
  ['its start', bytesOf(5), 'incomplete'],
  ['a greeting with more behind', bytesOf(GREETING, 0), 'no'],
  ['version 4', OLD_REQUEST, 'weak'],
  ['version 4 without its end', OLD_REQUEST.subarray(0, 12), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(socks, message).likeness).toBe(likeness)
})
