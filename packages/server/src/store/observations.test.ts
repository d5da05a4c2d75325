import type { ObservedFact } from '@wardkeeper/core'
import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { createAssets } from './assets.ts'
import { factsInHand, loadFacts, saveObservations, type OwnedFact } from './observations.ts'
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
