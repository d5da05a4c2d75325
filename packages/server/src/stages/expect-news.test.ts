import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { toldOnce } from '../testing/facts.ts'
import { keepNews } from './expect-news.ts'
import { attachStages } from './stages.ts'

const database = useDatabase()

test('news is expected of who told nothing else four times in a row, until it tells something else', () => {
  const news = keepNews()
  const expected: boolean[] = []
  for (const wereNew of [true, true, true, true, true, false, true, true, true, true]) {
    expected.push(news.isExpected('a'))
    news.note('a', wereNew)
    news.note('b', false)
  }
  expect(expected).toEqual([false, false, false, false, true, true, false, false, false, false])
  expect(news.isExpected('a')).toBe(true)
  expect(news.isExpected('b')).toBe(false)
})

test('a thousand captures take no room for ever', () => {
  const news = keepNews()
  for (let n = 0; n < 4; n++) news.note('capture:0', true)
  expect(news.isExpected('capture:0')).toBe(true)
  for (let n = 1; n <= 1000; n++) news.note(`capture:${n}`, true)
  expect(news.isExpected('capture:0')).toBe(false)
})

test('a sensor that told only news and then says something again is heard', async () => {
  const { db } = database.current
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
