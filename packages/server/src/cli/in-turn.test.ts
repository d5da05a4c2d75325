import { expect, test } from 'vitest'
import { inTurn } from './in-turn.ts'

test('work is done one after the other, also after some that failed', async () => {
  const happened: string[] = []
  const first = Promise.withResolvers<void>()
  const queue = inTurn()
  const failing = queue(async () => {
    happened.push('first begins')
    await first.promise
    happened.push('first ends')
    throw new Error('unreadable')
  })
  const next = queue(async () => void happened.push('second'))
  await Promise.resolve()
  expect(happened).toEqual(['first begins'])
  first.resolve()
  await expect(failing).rejects.toThrow('unreadable')
  await next
  expect(happened).toEqual(['first begins', 'first ends', 'second'])
})
