import { expect, test } from 'vitest'
import { appendOutbox } from '../store/outbox.ts'
import { useDatabase } from '../testing/database.ts'
import type { Message } from './bus.ts'
import { testBus } from './conformance.ts'
import { InlineBus, type InlineOptions } from './inline.ts'

const database = useDatabase()
let subjects = 0

const open = async (options: InlineOptions = {}) =>
  new InlineBus(database.current.db, { backOff: [1, 1, 1], ...options })
const subject = () => `thing.happened-${++subjects}`

testBus({ open, subject })

test('what a transaction rolled back is never delivered, what it committed is', async () => {
  const bus = await open()
  const name = subject()
  const seen: string[] = []
  await bus.subscribe(name, 'reader', async ({ id }) => void seen.push(id))
  const put = (id: string, isGood: boolean) =>
    database.current.db.transaction().execute(async (trx) => {
      await appendOutbox(trx, [{ subject: name, id, payload: {} }])
      if (!isGood) throw new Error('rolled back')
    })
  await expect(put('bad', false)).rejects.toThrow('rolled back')
  await put('good', true)
  await bus.drain()
  expect(seen).toEqual(['good'])
  await bus.stop()
})

test('transactions that commit in another order than they began lose no message', async () => {
  const bus = await open()
  const name = subject()
  const seen: string[] = []
  await bus.subscribe(name, 'reader', async ({ id }) => void seen.push(id))
  const slow = database.current.db.transaction().execute(async (trx) => {
    await appendOutbox(trx, [{ subject: name, id: 'slow', payload: {} }])
    await new Promise((resolve) => setTimeout(resolve, 150))
  })
  await new Promise((resolve) => setTimeout(resolve, 30))
  await bus.publish({ subject: name, id: 'fast', payload: {} })
  await slow
  await bus.drain()
  expect(seen.toSorted()).toEqual(['fast', 'slow'])
  await bus.stop()
})

test('a publisher waits for the stages when too much is pending', async () => {
  const bus = await open({ pendingLimit: 4 })
  const name = subject()
  let handled = 0
  let most = 0
  let published = 0
  await bus.subscribe(name, 'slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 2))
    most = Math.max(most, published - handled)
    handled++
  })
  for (; published < 40; published++)
    await bus.publish({ subject: name, id: `${name}/${published}`, payload: {} })
  await bus.drain()
  expect(handled).toBe(40)
  expect(most).toBeLessThanOrEqual(6)
  await bus.stop()
})

test('handled messages leave the outbox', async () => {
  const bus = await open()
  const name = subject()
  await bus.subscribe(name, 'reader', async () => undefined)
  await bus.publish({ subject: name, id: `${name}/0`, payload: {} })
  await bus.drain()
  const rows = await database.current.db
    .selectFrom('outbox')
    .where('subject', '=', name)
    .selectAll()
    .execute()
  expect(rows).toEqual([])
  await bus.stop()
})

test.each(['53100', '57P01', '40P01', 'ECONNREFUSED'])(
  'no message is set aside because of %s, however long it lasts',
  async (code) => {
    const bus = await open()
    const name = subject()
    let tries = 0
    await bus.subscribe(name, `patient-${code}`, async () => {
      if (++tries < 12) throw Object.assign(new Error('not now'), { code })
    })
    await bus.publish({ subject: name, id: `${name}/0`, payload: {} })
    await bus.drain()
    expect(tries).toBe(12)
    const parked = await bus.parked()
    expect(parked.filter(({ subject: of }) => of === name)).toEqual([])
    await bus.stop()
  },
)

test('who was turned back by a deadlock tries again at once, not after the longest wait', async () => {
  const bus = await open({ backOff: [1, 600_000] })
  const name = subject()
  let tries = 0
  await bus.subscribe(name, 'turned-back', async () => {
    if (++tries < 3) throw Object.assign(new Error('deadlock detected'), { code: '40P01' })
  })
  await bus.publish({ subject: name, id: `${name}/0`, payload: {} })
  await bus.drain()
  expect(tries).toBe(3)
  await bus.stop()
})

test('a long message is read once for all who take it', async () => {
  const bus = await open()
  const [shared, own] = [subject(), subject()]
  const taken = new Map<string, unknown[]>([shared, own].map((name) => [name, []]))
  const take = async (message: Message) => {
    taken.get(message.subject)?.push(message.payload, message.payload)
  }
  await bus.subscribe(shared, 'one', take)
  await bus.subscribe(shared, 'other', take)
  await bus.subscribe(own, 'alone', take)
  const payload = { values: Array.from({ length: 9000 }, (_, n) => n) }
  for (const name of [shared, own]) await bus.publish({ subject: name, id: name, payload })
  await bus.drain()
  await bus.stop()
  expect(taken.get(shared)).toHaveLength(4)
  expect(new Set(taken.get(shared)).size).toBe(1)
  // Nobody keeps what only one asks for.
  expect(new Set(taken.get(own)).size).toBe(2)
})
