import { describe, expect, test } from 'vitest'
import { stalenessOf, verdictToShow, whyAbsenceIsUnknown } from './freshness.ts'

test('a feed says how old it is', () => {
  const feed = { id: 'kev', title: 'KEV', dataTime: undefined, lastSuccess: 0, staleDays: 7 }
  expect(stalenessOf(feed, 41 * 86_400_000)).toMatchObject({
    isStale: true,
    reason: 'unknown because KEV is 41 days old',
  })
  expect(stalenessOf(feed, 86_400_000)).toMatchObject({
    isStale: false,
    reason: 'KEV is 1 day old',
  })
  expect(stalenessOf({ ...feed, lastSuccess: undefined }, 0).reason).toBe(
    'unknown because KEV was never loaded',
  )
})

describe('what an old feed is worth', () => {
  const DAYS = 86_400_000
  const feed = { id: 'cisa', title: 'CISA', dataTime: undefined, lastSuccess: 0, staleDays: 14 }
  const at = (day: number) => stalenessOf(feed, day * DAYS)

  test('clears a device until its last day, and not on the day after', () => {
    expect(verdictToShow('not-affected', at(14))).toEqual({ verdict: 'not-affected' })
    expect(verdictToShow('not-affected', at(15))).toEqual({
      verdict: 'unknown',
      reason: 'Unknown because CISA is 15 days old.',
    })
  })

  test.each(['affected', 'possibly-affected', 'disputed', 'unknown'] as const)(
    '%s stands however old the source is',
    (verdict) => expect(verdictToShow(verdict, at(400))).toEqual({ verdict }),
  )

  test('one source that is too old is enough for silence to mean nothing', () => {
    const slow = stalenessOf({ ...feed, id: 'slow', title: 'Slow', staleDays: 400 }, 100 * DAYS)
    const quick = stalenessOf(
      { ...feed, id: 'quick', title: 'Quick', lastSuccess: 80 * DAYS },
      100 * DAYS,
    )
    expect(slow.isStale).toBe(false)
    expect(whyAbsenceIsUnknown([slow])).toBeUndefined()
    expect(whyAbsenceIsUnknown([slow, quick])).toBe('Unknown because Quick is 20 days old.')
    expect(whyAbsenceIsUnknown([])).toMatch(/ever loaded/)
  })
})
