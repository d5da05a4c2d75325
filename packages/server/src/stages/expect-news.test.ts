import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { toldOnce } from '../testing/facts.ts'
import { keepNews } from './expect-news.ts'
import { attachStages } from './stages.ts'

const database = useDatabase()

const told = (news: ReturnType<typeof keepNews>, source: string, wereNew: boolean, times = 1) => {
  for (let time = 0; time < times; time++) news.note(source, wereNew)
}

test('news is expected of who told nothing else four times in a row', () => {
  const news = keepNews()
  told(news, 'a', true, 3)
  expect(news.isExpected('a')).toBe(false)
  told(news, 'a', false)
  told(news, 'a', true, 3)
  expect(news.isExpected('a')).toBe(false)
  told(news, 'a', true)
  expect(news.isExpected('a')).toBe(true)
  expect(news.isExpected('b')).toBe(false)
})

test('who was expected to tell news and did not is believed much later', () => {
  const news = keepNews()
  told(news, 'a', true, 9)
  told(news, 'a', false)
  told(news, 'a', true, 40)
  told(news, 'a', false)
  told(news, 'a', true, 63)
  expect(news.isExpected('a')).toBe(false)
  told(news, 'a', true)
  expect(news.isExpected('a')).toBe(true)
})

test('a thousand captures take no room for ever', () => {
  const news = keepNews()
  for (let n = 0; n < 4; n++) news.note('capture:0', true)
  expect(news.isExpected('capture:0')).toBe(true)
  for (let n = 1; n < 1000; n++) news.note(`capture:${n}`, true)
  news.note('capture:1', true)
  expect(news.isExpected('capture:0')).toBe(true)
  news.note('capture:1000', true)
  expect(news.isExpected('capture:0')).toBe(false)
})

test('a sensor that told only news, whose rows were laid down unasked, is heard when it says something again', async () => {
  /** Of each statement that laid rows down, whether it asked. */
  const asked: boolean[] = []
  const db = database.current.repeated.withPlugin({
    transformQuery: ({ node }) => {
      const text = JSON.stringify(node)
      if (text.includes('insert into observations (')) asked.push(text.includes('on conflict'))
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const bus = new InlineBus(db)
  const context = { db, bus, log: () => undefined }
  await attachStages(context, { content: await testContent(), siteId: 'main' })
  const start = Date.UTC(2026, 5, 1, 8)
  // The last message says what the third said, and one thing that is new.
  for (const [place, said] of [0, 1, 2, 3, 4, 5, 2].entries()) {
    const facts = Array.from({ length: 150 + (place === 6 ? 1 : 0) }, (_, n) =>
      toldOnce({ ip: '10.9.9.9' }, 'dns.query', `peer-${said}-${n}`, start + place),
    )
    const payload = { sensor: 'live:1', siteId: 'main', batch: place, facts }
    await bus.publish({ subject: 'observation.recorded', id: `news/${place}`, payload })
    await bus.drain()
  }
  expect(asked).toEqual([true, true, true, true, false, false, false, true])
  const { rows } = await sql`
    select count, count(*)::int as facts from observations where value like 'peer-%' group by count order by count`.execute(
    db,
  )
  expect(rows).toEqual([
    { count: 1, facts: 751 },
    { count: 2, facts: 150 },
  ])
  await bus.stop()
})
