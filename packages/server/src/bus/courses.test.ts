import { expect, test } from 'vitest'
import { appendOutbox } from '../store/outbox.ts'
import { useDatabase } from '../testing/database.ts'
import type { Course, Handler, Message } from './bus.ts'
import { InlineBus, type InlineOptions } from './inline.ts'

/** Who works at the same time as whom, and what of it is told, kept and tried again. */

const database = useDatabase()
let subjects = 0

const open = async (options: InlineOptions = {}) =>
  new InlineBus(database.current.db, { backOff: [1, 1, 1], ...options })
const subject = () => `course.taken-${++subjects}`

const courseOf = (course: Course, handle: Handler) => Object.assign(handle, { course })
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Puts a message into the outbox as a stage does, so that it follows from the one in hand. */
async function follow(bus: InlineBus, name: string, n: string): Promise<void> {
  const next = { subject: name, id: `${name}/${n}`, payload: {} }
  await database.current.db.transaction().execute((trx) => appendOutbox(trx, [next]))
  bus.wake()
}

const numberOf = ({ id }: Message) => id.split('/').at(-1) ?? ''

test('who goes ahead and who comes behind work at the same time, each in its order', async () => {
  const bus = await open()
  const [first, then] = [subject(), subject()]
  const running = new Set<Course>()
  const order: Record<string, string[]> = { ahead: [], behind: [] }
  let together = 0
  const take = (course: 'ahead' | 'behind', next?: string) =>
    courseOf(course, async (message) => {
      running.add(course)
      await pause(5)
      if (running.size > 1) together++
      order[course]?.push(numberOf(message))
      running.delete(course)
      if (next !== undefined) await follow(bus, next, numberOf(message))
    })
  await bus.subscribe(first, 'ahead', take('ahead', then))
  await bus.subscribe(then, 'behind', take('behind'))
  const all = Array.from({ length: 30 }, (_, n) => `${n}`)
  for (const n of all) {
    await bus.publish({ subject: first, id: `${first}/${n}`, payload: {} })
    await pause(2)
  }
  await bus.drain()
  expect(order).toEqual({ ahead: all, behind: all })
  expect(together).toBeGreaterThan(5)
  await bus.stop()
})

/** Puts a message of each of these subjects into the outbox at once, numbered. */
async function put(bus: InlineBus, names: readonly string[]): Promise<void> {
  const messages = names.map((name, n) => ({ subject: name, id: `${name}/${n}`, payload: {} }))
  await database.current.db.transaction().execute((trx) => appendOutbox(trx, messages))
  bus.wake()
}

async function putAll(bus: InlineBus, name: string, count: number): Promise<void> {
  await put(
    bus,
    Array.from({ length: count }, () => name),
  )
  await bus.drain()
}

test('one that goes ahead may let the next begin: two are in hand, never three', async () => {
  const bus = await open()
  const name = subject()
  let inHand = 0
  const most: number[] = []
  const begun: string[] = []
  const ended: string[] = []
  const lead = courseOf('ahead', async (message, turn) => {
    begun.push(numberOf(message))
    most.push(++inHand)
    turn.release()
    // Now this one is quicker, now the other.
    await pause(Number(numberOf(message)) % 2 === 0 ? 12 : 3)
    inHand--
    ended.push(numberOf(message))
  })
  await bus.subscribe(name, 'lead', lead)
  await putAll(bus, name, 12)
  const all = Array.from({ length: 12 }, (_, n) => `${n}`)
  expect(Math.max(...most)).toBe(2)
  expect(begun).toEqual(all)
  expect(ended).not.toEqual(all)
  await bus.stop()
})

test('who waits for the message before it begins its work when that one has ended', async () => {
  const bus = await open()
  const name = subject()
  const log: string[] = []
  const lead = courseOf('ahead', async (message, turn) => {
    turn.release()
    await turn.before()
    log.push(`${numberOf(message)} begins`)
    await pause(3)
    log.push(`${numberOf(message)} ends`)
  })
  await bus.subscribe(name, 'lead', lead)
  await putAll(bus, name, 4)
  expect(log).toEqual([0, 1, 2, 3].flatMap((n) => [`${n} begins`, `${n} ends`]))
  await bus.stop()
})

test('of two in hand one prepares what comes next, once, and before it begins', async () => {
  const bus = await open()
  const name = subject()
  const log: string[] = []
  const lead = courseOf('ahead', async (message, turn) => {
    log.push(`${numberOf(message)} begins`)
    turn.release()
    await pause(2)
    turn.meanwhile()
    turn.meanwhile()
    await pause(4)
  })
  const foresee = (message: Message) => void log.push(`${numberOf(message)} is prepared`)
  await bus.subscribe(name, 'lead', Object.assign(lead, { foresee }))
  await putAll(bus, name, 10)
  for (let n = 2; n < 10; n++) {
    expect(log.indexOf(`${n} is prepared`)).toBeGreaterThanOrEqual(0)
    expect(log.lastIndexOf(`${n} is prepared`)).toBe(log.indexOf(`${n} is prepared`))
    expect(log.indexOf(`${n} is prepared`)).toBeLessThan(log.indexOf(`${n} begins`))
  }
  await bus.stop()
})

test('what was done beside one that failed is offered again after it, and its own failure is not told', async () => {
  const told: string[] = []
  const bus = await open({ onFailure: (_, message) => told.push(numberOf(message)) })
  const name = subject()
  const log: string[] = []
  let failures = 2
  const lead = courseOf('ahead', async (message, turn) => {
    const n = numberOf(message)
    log.push(n)
    turn.release()
    await pause(n === '1' ? 20 : 1)
    if (n === '2' && failures > 0) throw new Error('because of the one before')
    if (n === '1' && failures-- > 0) throw new Error('not now')
  })
  await bus.subscribe(name, 'lead', lead)
  await putAll(bus, name, 4)
  expect(log).toEqual(['0', '1', '2', '1', '2', '1', '2', '3'])
  expect(told).toEqual(['1', '1'])
  expect((await bus.parked()).filter(({ subject: of }) => of === name)).toEqual([])
  await bus.stop()
})

test('who waits too long for the one before it lets go, and hides nothing of it', async () => {
  const told: string[] = []
  const bus = await open({ patience: 10, onFailure: (_, message) => told.push(numberOf(message)) })
  const name = subject()
  const done: string[] = []
  let failures = 2
  let isFirstInHand = false
  let early = 0
  const lead = courseOf('ahead', async (message, turn) => {
    const n = numberOf(message)
    if (n === '0') turn.release()
    if (n === '1')
      await turn.before().catch((error: unknown) => {
        if (isFirstInHand) early++
        throw error
      })
    isFirstInHand = n === '0'
    await pause(40)
    isFirstInHand = false
    if (n === '0' && failures-- > 0) throw new Error('not now')
    done.push(n)
  })
  await bus.subscribe(name, 'lead', lead)
  await putAll(bus, name, 3)
  expect(early).toBe(3)
  expect(told).toEqual(['0', '0'])
  expect(done).toEqual(['0', '1', '2'])
  await bus.stop()
})

test('of two in hand nothing is forgotten by a stop, and who is alone waits for both', async () => {
  const name = subject()
  const alone = subject()
  const bus = await open()
  const log: string[] = []
  const lead = courseOf('ahead', async (message, turn) => {
    turn.release()
    await pause(numberOf(message) === '0' ? 20 : 2)
    log.push(numberOf(message))
    if (numberOf(message) === '3') void bus.stop()
  })
  const keep = courseOf('alone', async () => void log.push('alone'))
  await bus.subscribe(name, 'lead', lead)
  await bus.subscribe(alone, 'alone', keep)
  const all = [name, name, alone, name, name, name, name]
  await put(bus, all)
  await bus.drain()
  await bus.stop()
  expect(log.slice(0, 3)).toEqual(['1', '0', 'alone'])
  const again = await open()
  const rest: string[] = []
  const later = courseOf('ahead', async (message) => void rest.push(numberOf(message)))
  await again.subscribe(name, 'lead', later)
  await again.subscribe(alone, 'alone', keep)
  await again.drain()
  expect(new Set([...log, ...rest])).toEqual(new Set(['0', '1', 'alone', '3', '4', '5', '6']))
  expect(rest).toEqual(rest.toSorted())
  expect(rest.at(-1)).toBe('6')
  await again.stop()
})

test('who is alone waits for all that is behind, and nobody works beside it', async () => {
  const bus = await open()
  const [first, then, alone] = [subject(), subject(), subject()]
  const log: string[] = []
  const take = (course: Course) =>
    courseOf(course, async (message) => {
      log.push(`${course} ${numberOf(message)} begins`)
      await pause(course === 'behind' ? 20 : 5)
      log.push(`${course} ${numberOf(message)} ends`)
    })
  await bus.subscribe(first, 'ahead', take('ahead'))
  await bus.subscribe(then, 'behind', take('behind'))
  await bus.subscribe(alone, 'alone', take('alone'))
  const all = [first, then, first, first, then, alone, then, first]
  await put(bus, all)
  await bus.drain()
  const at = log.indexOf('alone 5 begins')
  expect(log[at + 1]).toBe('alone 5 ends')
  expect(
    log
      .slice(0, at)
      .filter((line) => line.endsWith('ends'))
      .toSorted(),
  ).toEqual(['ahead 0', 'ahead 2', 'ahead 3', 'behind 1', 'behind 4'].map((who) => `${who} ends`))
  // Those that went ahead were not kept waiting by the one before them.
  expect(log.indexOf('ahead 3 begins')).toBeLessThan(log.indexOf('behind 1 ends'))
  expect(log.slice(at + 2)).toEqual(expect.arrayContaining(['behind 6 ends', 'ahead 7 ends']))
  await bus.stop()
})

test('who comes behind and cannot go on keeps its place, and keeps nobody waiting', async () => {
  const name = subject()
  const then = subject()
  const bus = await open({ backOff: [100_000] })
  let ahead = 0
  const tried: string[] = []
  const lead = courseOf('ahead', async (message) => {
    ahead++
    await follow(bus, then, numberOf(message))
  })
  const fail = courseOf('behind', async (message) => {
    tried.push(numberOf(message))
    if (numberOf(message) === '3') throw new Error('not now')
  })
  await bus.subscribe(name, 'lead', lead)
  await bus.subscribe(then, 'behind', fail)
  for (let n = 0; n < 40; n++) await bus.publish({ subject: name, id: `${name}/${n}`, payload: {} })
  for (let tries = 0; ahead < 40 && tries < 200; tries++) await pause(25)
  await bus.stop()
  expect(ahead).toBe(40)
  expect(tried).toEqual(['0', '1', '2', '3'])
  // After a restart it goes on with the one that failed, and nobody else does anything twice.
  const again = await open()
  const seen: string[] = []
  await again.subscribe(
    name,
    'lead',
    courseOf('ahead', async () => void ahead++),
  )
  await again.subscribe(
    then,
    'behind',
    courseOf('behind', async (m) => void seen.push(numberOf(m))),
  )
  await again.drain()
  expect(seen).toEqual(Array.from({ length: 37 }, (_, n) => `${n + 3}`))
  expect(ahead).toBe(40)
  await again.stop()
})

test('a failure of the bus itself ahead, while somebody behind is waited for, ends nothing but the pass', async () => {
  const { pool } = database.current
  const told: string[] = []
  const bus = await open({ backOff: [], onFailure: (name) => told.push(name) })
  const [first, then] = [subject(), subject()]
  const fail = courseOf('ahead', async () => {
    await pause(10)
    throw new Error('never')
  })
  await pool.query('alter table parked_messages rename to parked_elsewhere')
  await bus.subscribe(first, 'ahead', fail)
  await bus.subscribe(
    then,
    'behind',
    courseOf('behind', () => pause(60) as Promise<void>),
  )
  await put(bus, [then, first, then])
  for (let tries = 0; !told.includes('bus') && tries < 100; tries++) await pause(20)
  expect(told).toContain('bus')
  await pool.query('alter table parked_elsewhere rename to parked_messages')
  await bus.drain()
  const parked = (await bus.parked()).filter(({ subject: of }) => of === first)
  expect(parked).toHaveLength(1)
  await bus.stop()
})

test('a failure of the bus itself behind is told, and what it left is done when it is over', async () => {
  const { pool } = database.current
  const told: string[] = []
  const bus = await open({ backOff: [], onFailure: (name) => told.push(name) })
  const name = subject()
  const fail = courseOf('behind', async () => {
    throw new Error('never')
  })
  await pool.query('alter table parked_messages rename to parked_elsewhere')
  await bus.subscribe(name, 'behind', fail)
  await bus.publish({ subject: name, id: `${name}/0`, payload: {} })
  for (let tries = 0; !told.includes('bus') && tries < 100; tries++) await pause(20)
  expect(told).toContain('bus')
  await pool.query('alter table parked_elsewhere rename to parked_messages')
  await bus.drain()
  expect((await bus.parked()).map(({ id }) => id)).toContain(`${name}/0`)
  await bus.stop()
})
