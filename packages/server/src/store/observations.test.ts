import type { ObservedFact } from '@wardkeeper/core'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { createAssets } from './assets.ts'
import type { OwnedFact } from './observation-rows.ts'
import { factsInHand, loadFacts, saveObservations } from './observations.ts'
import { newId } from './uuid.ts'

const database = useDatabase()
const START = Date.UTC(2026, 5, 1, 8)

function fact(told: Partial<ObservedFact> & { readonly value: string }): ObservedFact {
  return {
    subject: { mac: '00:1b:44:00:02:01' },
    field: 'dns.query',
    sensor: 'live:span0',
    first: START,
    last: START,
    count: 1,
    evidence: {},
    ...told,
  }
}

/** Facts that are told of at one moment, with one value, stand in any order. */
function inOneOrder(facts: readonly ObservedFact[] = []) {
  const keyOf = ({ subject, sensor, first, value }: ObservedFact) =>
    JSON.stringify([value, sensor, subject.mac, subject.ip, first])
  return facts.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** What the wire may tell of a device that nobody has seen before. */
const TOLD: Readonly<Record<string, readonly ObservedFact[]>> = {
  'the same fact more than once': [
    fact({ value: 'a', first: START + 5, last: START + 9, count: 2, evidence: { frame: 7 } }),
    fact({ value: 'a', first: START + 1, last: START + 6, count: 3, evidence: { frame: 2 } }),
    fact({ value: 'a', sensor: 'live:span1' }),
    fact({ value: 'a', subject: { ip: '10.1.2.3' } }),
    fact({
      value: 'a',
      subject: { mac: '', ip: '10.1.2.3' },
      evidence: { file: 'a.pcap', frame: 0 },
    }),
  ],
  'fractions of milliseconds, and times that no calendar holds': [
    fact({ value: 'late', first: START + 0.123_456, last: START + 1000.999_9 }),
    fact({ value: 'never', first: -1e18, last: 1e18, evidence: { frame: 3, flow: 12 } }),
    fact({ value: 'no number', first: Number.NaN, last: START }),
  ],
  'letters that no column holds, texts longer than an index takes, more than can be counted': [
    fact({ value: `z\0b\ud800`, field: 'x'.repeat(600), sensor: 's'.repeat(700) }),
    fact({ value: 'é🩺ü', count: 3_000_000_000, evidence: { file: `f\0${'g'.repeat(500)}` } }),
  ],
  'more values of one field than anybody looks at': Array.from({ length: 150 }, (_, n) =>
    fact({ value: `host-${n}`, first: START + n, last: START + ((n * 37) % 150) * 1000 }),
  ),
}

test.each(Object.entries(TOLD))(
  'what is in hand of a new device is what is read once it is stored: %s',
  async (_what, told) => {
    const { db } = database.current
    const assetId = newId()
    const owned: readonly OwnedFact[] = told.map((one, n) => ({
      fact: one,
      assetId,
      bears: n % 2 === 0,
    }))
    await db.transaction().execute(async (trx) => {
      await createAssets(trx, 'main', [assetId], START)
      await saveObservations(trx, 'main', [
        ...owned,
        { fact: fact({ value: 'of nobody' }), assetId: undefined },
      ])
    })
    for (const choice of [{}, { bearing: true }]) {
      const loaded = (await loadFacts(db, [assetId], choice)).get(assetId)
      expect(loaded?.length).toBeGreaterThan(0)
      const inHand = factsInHand(owned, choice).get(assetId)
      expect(inOneOrder(inHand)).toEqual(inOneOrder(loaded))
      const places = (facts: readonly ObservedFact[] = []) =>
        facts.map(({ first, field, value }) => [first, field, value])
      expect(places(inHand)).toEqual(places(loaded))
    }
  },
)

/** Enough of them that they are laid down unasked where nobody expects one to be there. */
const MANY = Array.from({ length: 150 }, (_, n) => fact({ value: `peer-${n}`, last: START + n }))

/** What is stored of a new device after each list was saved, as if none of it were there yet or not, and what was answered. */
async function saveInTurn(lists: readonly (readonly ObservedFact[])[], areNew: boolean) {
  const { db } = database.current
  const assetId = newId()
  await db.transaction().execute((trx) => createAssets(trx, 'main', [assetId], START))
  const answers = []
  for (const facts of lists) {
    const owned = facts.map((one, n) => ({ fact: one, assetId, bears: n % 2 === 0 }))
    const saved = await db.transaction().execute(async (trx) => {
      const { fresh, wereNew } = await saveObservations(trx, 'main', owned, { areNew })
      // The transaction goes on where a row was refused.
      await sql`select 1`.execute(trx)
      return { fresh: [...fresh].map((id) => id === assetId), wereNew }
    })
    answers.push(saved)
  }
  const { rows } = await sql`
    select value, first_seen, last_seen, count, bears from observations
    where asset = (select number from assets where id = ${assetId}) order by value`.execute(db)
  return { answers, rows }
}

test.each([
  { what: 'nothing of it there', lists: [MANY] },
  { what: 'all of it there', lists: [MANY, MANY] },
  {
    what: 'one of it there, with other times',
    lists: [[{ ...MANY[149]!, first: START - 9, count: 4 }], MANY],
  },
  {
    what: 'a fact twice in it',
    lists: [[...MANY, fact({ value: 'peer-7', last: START + 900, count: 2 })]],
  },
  {
    what: 'something new that bears on nothing',
    lists: [MANY, [...MANY, fact({ value: 'one' }), fact({ value: 'two' })].slice(1)],
  },
  { what: 'few', lists: [MANY.slice(0, 3), MANY.slice(0, 4)] },
])(
  'facts that are believed to be new are stored as if nobody had believed it: $what',
  async ({ lists }) => {
    const asked = await saveInTurn(lists, false)
    expect(asked.rows.length).toBeGreaterThan(0)
    expect(await saveInTurn(lists, true)).toEqual(asked)
  },
)

test('who saves is told whether anything of it was there', async () => {
  const partly = [MANY[0]!, fact({ value: 'new' })]
  const { answers } = await saveInTurn(
    [MANY, MANY.slice(0, 120), partly, [fact({ value: 'x' })]],
    true,
  )
  expect(answers.map(({ wereNew }) => wereNew)).toEqual([true, false, false, true])
})

test.each([false, true])('only devices that new facts bear on are fresh: %s', async (areNew) => {
  const { db } = database.current
  const [one, other] = [newId(), newId()]
  const owned = MANY.map((told, n) => ({
    fact: told,
    assetId: n % 2 === 0 ? one : other,
    bears: n === 17,
  }))
  const { fresh } = await db.transaction().execute(async (trx) => {
    await createAssets(trx, 'main', [one, other], START)
    return await saveObservations(trx, 'main', owned, { areNew })
  })
  expect([...fresh]).toEqual([other])
})

test('rows are laid down unasked only where they are believed to be new', async () => {
  const { db } = database.current
  /** Of each statement, whether it asked. */
  const statements: boolean[] = []
  const spied = db.withPlugin({
    transformQuery: ({ node }) => {
      const text = JSON.stringify(node)
      if (text.includes('insert into observations (')) statements.push(text.includes('on conflict'))
      return node
    },
    transformResult: async ({ result }) => result,
  })
  for (const areNew of [false, true]) {
    const owned = MANY.map((one) => ({ fact: one, assetId: undefined }))
    await spied
      .transaction()
      .execute((trx) => saveObservations(trx, 'main', owned, { areNew, numbers: new Map() }))
    if (!areNew) await sql`delete from observations where asset = 0`.execute(db)
  }
  expect(statements).toEqual([true, false])
})
