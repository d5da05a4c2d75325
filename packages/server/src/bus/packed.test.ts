import { expect, test } from 'vitest'
import { appendOutbox, readOutbox } from '../store/outbox.ts'
import { useDatabase } from '../testing/database.ts'
import { pack, Packed } from './packed.ts'

const database = useDatabase()

test.each([
  ['short', { a: [1, 'ä'] }],
  ['long', { values: Array.from({ length: 9000 }, (_, n) => `value ${n}`) }],
])('a %s payload that was packed elsewhere is read as it was', async (id, payload) => {
  const { db } = database.current
  const { text, squeezed } = pack(payload)
  expect(squeezed !== undefined).toBe(id === 'long')
  // As it comes from another thread.
  const sent = structuredClone({ text, squeezed })
  const packed = new Packed(sent.text, sent.squeezed)
  expect(pack(packed)).toBe(packed)
  await db
    .transaction()
    .execute((trx) => appendOutbox(trx, [{ subject: 'some.thing', id, payload: packed }]))
  const waiting = await readOutbox(db, 0, 100)
  expect(waiting.find((one) => one.id === id)?.payload).toEqual(payload)
})

test.each([true, false])('what several take is read once: %s', async (isShared) => {
  const { db } = database.current
  const id = `taken by several: ${isShared}`
  const payload = { values: Array.from({ length: 9000 }, (_, n) => n) }
  await db
    .transaction()
    .execute((trx) => appendOutbox(trx, [{ subject: 'some.thing', id, payload: pack(payload) }]))
  const asked: string[] = []
  const waiting = await readOutbox(db, 0, 100, {
    isShared: (subject) => asked.push(subject) > 0 && isShared,
  })
  const message = waiting.find((one) => one.id === id)
  expect(message?.payload).toEqual(payload)
  expect(message?.payload === message?.payload).toBe(isShared)
  expect(asked).toContain('some.thing')
})

test('what the database cannot hold is left out when it is packed', () => {
  expect(pack({ value: 'a\0b\ud800' }).text).not.toMatch(/\\u0000|\\ud800/)
})
