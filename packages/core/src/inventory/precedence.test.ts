import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ATTRIBUTES, type Attribute, type Claim } from '../vocabulary.ts'
import { standingValue, VALUE_SOURCES, weaveClaims, type SetValue } from './precedence.ts'

const evidence = { field: 'dhcp.vendor-class', value: 'x', time: 1, rule: 'acme', weight: 3 }
const seen = (attribute: Attribute, value: string): Claim => ({
  attribute,
  value,
  confidence: 0.9,
  rule: 'acme',
  evidence: [evidence],
  against: [],
})
const said = (source: SetValue['source'], value: string, time = 1): SetValue => ({
  source,
  value,
  time,
  by: 'import:x',
})
const ORDER = {
  '*': ['locked', 'accepted', 'declared', 'observed'],
  firmware: ['locked', 'accepted', 'observed', 'declared'],
} as const

test('locked over accepted over declared over observed', () => {
  const values = [said('declared', 'D'), said('accepted', 'A'), said('locked', 'L')]
  expect(standingValue('model', values, true, ORDER)?.value).toBe('L')
  expect(standingValue('model', values.slice(0, 2), true, ORDER)?.value).toBe('A')
  expect(standingValue('model', values.slice(0, 1), true, ORDER)?.value).toBe('D')
  expect(standingValue('firmware', values.slice(0, 1), true, ORDER)).toBeUndefined()
  expect(standingValue('firmware', values.slice(0, 1), false, ORDER)?.value).toBe('D')
  expect(
    standingValue('model', [said('declared', 'old', 1), said('declared', 'new', 2)], true, ORDER)
      ?.value,
  ).toBe('new')
})

test('a declared value that differs stands, with what was seen as evidence against, and less sure', () => {
  const [claim] = weaveClaims(
    [seen('model', 'Drip 9')],
    new Map([['model', [said('declared', 'Flow 2')]]]),
    ORDER,
  )
  expect(claim).toMatchObject({ value: 'Flow 2', rule: 'declared', confidence: 0.65 })
  expect(claim?.against).toEqual(
    [{ ...evidence, weight: -3, claims: 'x' }].map((one) => ({ ...one, claims: 'Drip 9' })),
  )
})

test('a declared value that agrees makes the observed one surer and keeps its spelling', () => {
  const [claim] = weaveClaims(
    [seen('model', 'IntelliVue MX450')],
    new Map([['model', [said('declared', 'MX-450')]]]),
    ORDER,
  )
  expect(claim).toMatchObject({ value: 'IntelliVue MX450', confidence: 0.9, against: [] })
  expect(claim?.evidence).toHaveLength(2)
})

test('firmware that was typed does not hide the one that is seen', () => {
  const [claim] = weaveClaims(
    [seen('firmware', '2.1')],
    new Map([['firmware', [said('declared', '3.0')]]]),
    ORDER,
  )
  expect(claim).toMatchObject({ value: '2.1', rule: 'acme', confidence: 0.9 })
  expect(claim?.against[0]).toMatchObject({ claims: '3.0', rule: 'declared' })
  const [locked] = weaveClaims(
    [seen('firmware', '2.1')],
    new Map([['firmware', [said('locked', '3.0')]]]),
    ORDER,
  )
  expect(locked).toMatchObject({ value: '3.0', rule: 'locked' })
})

test('a device that was never seen has what is declared of it', () => {
  expect(
    weaveClaims([], new Map([['manufacturer', [said('declared', 'Acme')]]]), ORDER),
  ).toMatchObject([{ value: 'Acme', confidence: 0.85, rule: 'declared' }])
  expect(weaveClaims([seen('os', 'Linux')], new Map(), ORDER)).toEqual([seen('os', 'Linux')])
})

test('a lock stands whatever was seen, said, disputed or ordered by the site', () => {
  const attribute = fc.constantFrom(...ATTRIBUTES)
  const value = fc.constantFrom('A1', 'B2', 'C3', 'D4')
  const other = fc.record({
    source: fc.constantFrom('accepted' as const, 'declared' as const, 'disputed' as const),
    value,
    time: fc.integer({ min: 0, max: 100 }),
    by: fc.constant('somebody'),
  })
  const order = fc.shuffledSubarray([...VALUE_SOURCES])
  fc.assert(
    fc.property(
      attribute,
      value,
      fc.array(other, { maxLength: 8 }),
      fc.option(value, { nil: undefined }),
      order,
      (of, locked, others, observed, sources) => {
        const values = [...others, { source: 'locked' as const, value: locked, time: 3, by: 'me' }]
        for (const said of [values, values.toReversed()]) {
          const woven = weaveClaims(
            observed === undefined ? [] : [seen(of, observed)],
            new Map([[of, said]]),
            { '*': sources, [of]: sources },
          )
          expect(woven).toMatchObject([{ attribute: of, value: locked, rule: 'locked' }])
          expect(woven[0]?.confidence).toBeGreaterThan(0.99)
        }
      },
    ),
  )
})

test('what a person disputes is doubtful until another value is claimed', () => {
  const objection = said('disputed', 'Drip 9')
  const [claim] = weaveClaims([seen('model', 'Drip 9')], new Map([['model', [objection]]]), ORDER)
  expect(claim).toMatchObject({ value: 'Drip 9', confidence: 0.5, rule: 'acme' })
  expect(claim?.against).toMatchObject([{ field: 'disputed.model', weight: -3 }])
  const [next] = weaveClaims([seen('model', 'Drip 10')], new Map([['model', [objection]]]), ORDER)
  expect(next).toEqual(seen('model', 'Drip 10'))
})
