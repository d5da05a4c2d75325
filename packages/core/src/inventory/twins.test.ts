import { expect, test } from 'vitest'
import { findTwins, type TwinView } from './twins.ts'

const DAY = 86_400_000

function record(assetId: string, from: number, to: number, more: Partial<TwinView> = {}): TwinView {
  return {
    assetId,
    label: assetId,
    manufacturer: undefined,
    model: undefined,
    hostname: undefined,
    firstSeen: from * DAY,
    lastSeen: to * DAY,
    certificates: [],
    aeTitles: [],
    stations: [],
    ...more,
  }
}

const pairsOf = (views: readonly TwinView[]) =>
  findTwins(views).map(({ assetId, candidates }) => [candidates[0]?.assetId, assetId])

test('a certificate that is shown under another address is asked for, the earlier record to be kept', () => {
  const certificates = ['ab'.repeat(32)]
  const views = [record('new', 5, 9, { certificates }), record('old', 1, 4, { certificates })]
  const [question, ...others] = findTwins(views)
  expect(others).toEqual([])
  expect(question).toMatchObject({
    kind: 'seen-twice',
    question: 'seen-twice:old:new',
    title: 'new is probably old with another address',
    assetId: 'new',
    candidates: [{ assetId: 'old', score: expect.closeTo(0.9) as number }],
  })
  expect(question?.reasons.join(' ')).toContain('1970-01-05 00:00 UTC')
})

test('what two show at once, or a third one too, is a default and asked of nobody', () => {
  const certificates = ['ab'.repeat(32)]
  expect(
    pairsOf([record('one', 1, 5, { certificates }), record('two', 4, 9, { certificates })]),
  ).toEqual([])
  const three = [
    record('one', 1, 2, { certificates }),
    record('two', 3, 9, { certificates }),
    record('three', 8, 9, { certificates }),
  ]
  expect(pairsOf(three)).toEqual([])
})

test('a device that moved twice is asked for twice', () => {
  const certificates = ['ab'.repeat(32)]
  const moved = [1, 3, 5].map((day) => record(`at-${day}`, day, day + 1, { certificates }))
  expect(pairsOf(moved)).toEqual([
    ['at-1', 'at-3'],
    ['at-3', 'at-5'],
  ])
})

test('a station is known by its title and name together; an archive passes on many names', () => {
  const station = { aeTitles: ['CT1'], stations: ['CT-ROOM-1'] }
  expect(pairsOf([record('old', 1, 2, station), record('new', 3, 4, station)])).toEqual([
    ['old', 'new'],
  ])
  const archive = { aeTitles: ['CT1'], stations: ['CT-ROOM-1', 'MR-ROOM-2'] }
  expect(pairsOf([record('old', 1, 2, archive), record('new', 3, 4, archive)])).toEqual([])
  const title = { aeTitles: ['ANY-SCP'], stations: [] }
  expect(pairsOf([record('old', 1, 2, title), record('new', 3, 4, title)])).toEqual([])
})

test('name and model alone may be the new one in place of the old, and are said so', () => {
  const named = { manufacturer: 'Acme', model: 'Drip 9', hostname: 'PUMP-7' }
  const [question] = findTwins([
    record('old', 1, 2, named),
    record('new', 3, 4, { ...named, hostname: 'pump-7' }),
  ])
  expect(question?.title).toBe('new may be old with another address')
  expect(
    pairsOf([record('old', 1, 2, named), record('new', 3, 4, { hostname: 'pump-7' })]),
  ).toEqual([])
})

test('other makers or models, and pairs that a person keeps apart, are not asked for', () => {
  const certificates = ['ab'.repeat(32)]
  const old = record('old', 1, 2, { certificates, manufacturer: 'Acme' })
  expect(pairsOf([old, record('new', 3, 4, { certificates, manufacturer: 'Other' })])).toEqual([])
  const next = record('new', 3, 4, { certificates })
  expect(findTwins([old, next], (one, other) => one === 'old' && other === 'new')).toEqual([])
})
