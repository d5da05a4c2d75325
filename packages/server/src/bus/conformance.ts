import { expect, test } from 'vitest'
import type { Bus, Message } from './bus.ts'

export interface BusUnderTest {
  /** A bus over the same durable state as the ones opened before: what a restart of the program gives. */
  readonly open: () => Promise<Bus>
  /** A subject that no other test uses. */
  readonly subject: () => string
}

/** What every bus owes. Run it in a test file of each implementation. */
export function testBus({ open, subject }: BusUnderTest): void {
  const messages = (name: string, count: number): readonly Message[] =>
    Array.from({ length: count }, (_, n) => ({ subject: name, id: `${name}/${n}`, payload: { n } }))

  test('delivers every message of the subject to every subscription, in order, with its payload', async () => {
    const bus = await open()
    const name = subject()
    const seen: Record<string, unknown[]> = { a: [], b: [] }
    for (const list of ['a', 'b']) {
      await bus.subscribe(name, list, async ({ payload }) => {
        seen[list]?.push((payload as { n: number }).n)
      })
    }
    for (const message of messages(name, 200)) await bus.publish(message)
    await bus.publish({ subject: subject(), id: `${name}/other`, payload: {} })
    await bus.drain()
    const all = Array.from({ length: 200 }, (_, n) => n)
    expect(seen).toEqual({ a: all, b: all })
    await bus.stop()
  })

  test('keeps what was published while nobody ran', async () => {
    const name = subject()
    const first = await open()
    await first.subscribe(name, 'late', async () => undefined)
    await first.stop()
    const second = await open()
    for (const message of messages(name, 3)) await second.publish(message)
    await second.stop()
    const third = await open()
    const seen: string[] = []
    await third.subscribe(name, 'late', async ({ id }) => void seen.push(id))
    await third.drain()
    expect(seen).toEqual([`${name}/0`, `${name}/1`, `${name}/2`])
    await third.stop()
  })

  test('delivers again until the handler resolves, and keeps the order meanwhile', async () => {
    const bus = await open()
    const name = subject()
    const seen: string[] = []
    let failures = 2
    await bus.subscribe(name, 'flaky', async ({ id }) => {
      seen.push(id)
      if (id.endsWith('/1') && failures-- > 0) throw new Error('not now')
    })
    for (const message of messages(name, 3)) await bus.publish(message)
    await bus.drain()
    expect(seen.map((id) => id.slice(-1))).toEqual(['0', '1', '1', '1', '2'])
    await bus.stop()
  })

  test('a message that never succeeds is set aside with its error, and holds nobody up for ever', async () => {
    const bus = await open()
    const name = subject()
    const poisoned: string[] = []
    const healthy: string[] = []
    await bus.subscribe(name, 'poisoned', async ({ id }) => {
      if (id.endsWith('/0')) throw new Error('cannot be read')
      poisoned.push(id)
    })
    await bus.subscribe(name, 'healthy', async ({ id }) => void healthy.push(id))
    for (const message of messages(name, 2)) await bus.publish(message)
    await bus.drain()
    expect(poisoned).toEqual([`${name}/1`])
    expect(healthy).toEqual([`${name}/0`, `${name}/1`])
    const parked = (await bus.parked()).filter(({ subject: of }) => of === name)
    expect(parked).toMatchObject([{ subscription: 'poisoned', id: `${name}/0` }])
    expect(parked[0]?.error).toContain('cannot be read')
    await bus.stop()
  })

  test('while one subscription fails, the others go on and it keeps its own order', async () => {
    const bus = await open()
    const name = subject()
    const failing: string[] = []
    let healthy = 0
    await bus.subscribe(name, 'failing', async ({ id }) => {
      failing.push(id)
      if (healthy < 300) throw new Error('until the others are through')
    })
    await bus.subscribe(name, 'healthy', async () => void healthy++)
    for (const message of messages(name, 300)) await bus.publish(message)
    await bus.drain()
    expect(healthy).toBe(300)
    const order = [...new Set(failing)].map((id) => Number(id.split('/')[1]))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(order.at(-1)).toBe(299)
    await bus.stop()
  })

  test('a restart in the middle loses nothing and goes on after what was handled', async () => {
    const name = subject()
    const first = await open()
    const before: string[] = []
    await first.subscribe(name, 'worker', async ({ id }) => {
      before.push(id)
      if (before.length === 5) void first.stop()
    })
    for (const message of messages(name, 20)) await first.publish(message)
    await first.stop()
    expect(before.length).toBeLessThan(20)
    const second = await open()
    const after: string[] = []
    await second.subscribe(name, 'worker', async ({ id }) => void after.push(id))
    await second.drain()
    expect(new Set([...before, ...after]).size).toBe(20)
    expect(after.length).toBeLessThanOrEqual(20)
    expect(after.at(-1)).toBe(`${name}/19`)
    await second.stop()
  })

  test('an id that still waits is not put in twice', async () => {
    const name = subject()
    const quiet = await open()
    await quiet.subscribe(name, 'once', async () => undefined)
    await quiet.stop()
    const bus = await open()
    const [message] = messages(name, 1)
    await bus.publish(message!)
    await bus.publish(message!)
    let count = 0
    await bus.subscribe(name, 'once', async () => void count++)
    await bus.drain()
    expect(count).toBe(1)
    await bus.stop()
  })

  test('a long message comes as it was sent, at once and after a restart', async () => {
    const name = subject()
    const payload = {
      texts: Array.from({ length: 5000 }, (_, n) => `ward ${n} \u00e4\u{1f600}\n"`),
    }
    const first = await open()
    const seen: unknown[] = []
    await first.subscribe(name, 'long', async ({ payload: told }) => void seen.push(told))
    await first.publish({ subject: name, id: `${name}/0`, payload })
    await first.drain()
    await first.stop()
    const quiet = await open()
    await quiet.publish({ subject: name, id: `${name}/1`, payload })
    await quiet.stop()
    const second = await open()
    await second.subscribe(name, 'long', async ({ payload: told }) => void seen.push(told))
    await second.drain()
    await second.stop()
    expect(seen).toEqual([payload, payload])
  })
}
