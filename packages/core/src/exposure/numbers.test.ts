import { describe, expect, test } from 'vitest'
import type { Advisory, AffectedProduct } from './facts.ts'
import { indexAdvisories } from './advisory-index.ts'
import { match } from './match.ts'
import { answerOfNumber } from './number-range.ts'

const one = (number: string) => ({ from: number, to: number })

function verdictsOf(product: Partial<AffectedProduct>, device: object): readonly string[] {
  const advisory: Advisory = {
    id: 'R-1',
    kind: 'recall',
    source: 'FDA',
    revision: '1',
    published: '2026-01-01',
    updated: '2026-01-01',
    products: [
      {
        pid: 'P',
        vendor: 'Acme',
        product: 'Alpha 1200',
        range: 'vers:all/*',
        cves: [],
        ...product,
      },
    ],
    vulnerabilities: [],
    remedies: [],
    link: '',
  }
  const index = indexAdvisories([advisory])
  return match({ manufacturer: 'Acme', model: 'Alpha 1200', ...device }, index).map(
    ({ verdict, missing }) => [verdict, missing].filter(Boolean).join(' '),
  )
}

describe('serial and lot numbers', () => {
  test.each([
    ['123-456', '123456'],
    ['0012345', '12345'],
    ['DE12345', '12345'],
    ['12345', 'DE-12345'],
  ])('%s may be %s, written in another way', (own, listed) => {
    expect(answerOfNumber(own, [one(listed)])).toBe('maybe')
  })

  test.each([
    ['12346', '12345'],
    ['XY1', 'AB-1'],
    ['912345678', '12345'],
  ])('%s is not %s', (own, listed) => {
    expect(answerOfNumber(own, [one(listed)])).toBe('out')
  })

  test('a serial number that is not listed clears no device whose lot may be', () => {
    const product = { serials: [one('SN5001')], lots: [one('L77')] }
    expect(verdictsOf(product, { serial: 'SN9999' })).toEqual(['possibly-affected lot'])
    expect(verdictsOf(product, { serial: 'SN9999', lot: 'L78' })).toEqual(['not-affected'])
    expect(verdictsOf(product, { serial: 'SN5001' })).toEqual(['affected'])
  })

  test('twins with one device identifier are told apart by their serial numbers', () => {
    const udi = '00802526579707'
    const index = indexAdvisories([
      {
        id: 'R-2',
        kind: 'recall',
        source: 'FDA',
        revision: '1',
        published: '2026-01-01',
        updated: '2026-01-01',
        products: [
          {
            pid: 'P',
            vendor: 'Renamed Inc',
            product: 'Quite another name',
            range: 'vers:all/*',
            cves: [],
            udis: [udi],
            serials: [one('SN5001')],
          },
        ],
        vulnerabilities: [],
        remedies: [],
        link: '',
      },
    ])
    const verdict = (serial: string) =>
      match({ manufacturer: 'Acme', model: 'Alpha 1200', udi, serial }, index)[0]?.verdict
    expect([verdict('SN9999'), verdict('SN5001')]).toEqual(['not-affected', 'affected'])
  })

  test('a name that leaves open which product it is is cleared by no sister', () => {
    const sister = { product: 'Alpha 1200 Station', status: 'not-affected' as const }
    expect(verdictsOf(sister, { model: 'Alpha' })).toEqual([])
    expect(verdictsOf(sister, { model: 'Alpha 1200 Station' })).toEqual(['not-affected'])
  })
})
