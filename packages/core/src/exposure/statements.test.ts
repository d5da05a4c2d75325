import { describe, expect, test } from 'vitest'
import type { Match, ProductStatus, SupportDate, VexStatement } from '../vocabulary.ts'
import { applyStatements, indexStatements } from './statements.ts'
import { indexSupport } from './support.ts'

const device = { manufacturer: 'Acme', model: 'Pump 1', version: '1.5' }

function vex(status: ProductStatus, change: Partial<VexStatement> = {}): VexStatement {
  return {
    id: `${change.source ?? 'Acme'}-${status}-${change.published ?? ''}`,
    source: 'Acme',
    published: '2026-01-01',
    cves: ['CVE-1'],
    manufacturer: 'Acme',
    model: 'Pump 1',
    range: '< 2',
    status,
    ...change,
  }
}

function matchOf(verdict: Match['verdict'], cves: readonly string[] = ['CVE-1']): Match {
  const because = { pid: '1', product: 'Pump 1', range: '< 2', version: '1.5', reason: 'Named.' }
  return { advisoryId: 'A', cves, verdict, matcher: 'product', because }
}

function verdictWith(match: Match, statements: readonly VexStatement[]) {
  const own = indexStatements(statements).statementsFor(device)
  return applyStatements([match], own)[0]
}

describe('statements on top of a verdict', () => {
  test('clear it, with their reason, and stay with it', () => {
    const found = verdictWith(matchOf('affected'), [
      vex('not-affected', { justification: 'code_not_reachable' }),
    ])
    expect(found).toMatchObject({ verdict: 'not-affected', statements: [{ source: 'Acme' }] })
    expect(found?.because.reason).toContain('code not reachable')
  })

  test('clear only the vulnerability that they name', () => {
    const found = verdictWith(matchOf('affected', ['CVE-1', 'CVE-2']), [vex('fixed')])
    expect(found).toMatchObject({ verdict: 'affected', cves: ['CVE-2'] })
  })

  test('of one source the latest counts', () => {
    const found = verdictWith(matchOf('affected'), [
      vex('affected', { published: '2026-02-01' }),
      vex('not-affected'),
    ])
    expect(found?.verdict).toBe('affected')
  })

  test('of two sources that contradict each other both are shown', () => {
    const found = verdictWith(matchOf('affected'), [
      vex('not-affected'),
      vex('affected', { source: 'CERT' }),
    ])
    expect(found?.verdict).toBe('disputed')
    expect(found?.because.reason).toContain('CERT states')
  })

  test('one that says affected disputes a clearing', () => {
    expect(verdictWith(matchOf('not-affected'), [vex('affected')])?.verdict).toBe('disputed')
  })

  test.each([
    ['another version', { range: '>= 2' }],
    ['another model', { model: 'Pump 2' }],
    ['another maker', { manufacturer: 'Other' }],
    ['another vulnerability', { cves: ['CVE-9'] }],
  ])('of %s say nothing', (_what, change) => {
    expect(verdictWith(matchOf('affected'), [vex('not-affected', change)])?.verdict).toBe(
      'affected',
    )
  })

  test('clear no device whose version is not known', () => {
    const index = indexStatements([vex('not-affected')])
    expect(index.statementsFor({ manufacturer: 'Acme', model: 'Pump 1' })).toEqual([])
  })
})

describe('end of support', () => {
  const dates: readonly SupportDate[] = [
    {
      id: 'w7',
      kind: 'os',
      manufacturer: 'Microsoft',
      model: 'Windows 7',
      range: 'vers:all/*',
      endOfSupport: '2020-01-14',
      source: 'Microsoft',
    },
    {
      id: 'p1',
      kind: 'device',
      manufacturer: 'Acme',
      model: 'Pump 1',
      range: '< 2',
      endOfSupport: '2026-01-31',
      source: 'Acme',
    },
  ]
  const find = (change: object, day: string) =>
    indexSupport(dates)
      .findUnsupported({ ...device, ...change }, day)
      .map(({ subject, severity, verdict }) => `${subject} ${severity} ${verdict}`)

  test('of the device counts from the day after, by version', () => {
    expect(find({}, '2026-01-31')).toEqual([])
    expect(find({}, '2026-02-01')).toEqual(['support:p1 medium affected'])
    expect(find({ version: '2.0' }, '2026-02-01')).toEqual([])
    expect(find({ version: undefined }, '2026-02-01')).toEqual([
      'support:p1 medium possibly-affected',
    ])
  })

  test('of its operating system counts whoever made the device', () => {
    const other = { manufacturer: 'Other', model: 'Y', os: 'Windows 7' }
    expect(find(other, '2026-01-01')).toEqual(['support:w7 high affected'])
    expect(find({ ...other, os: 'Windows 10' }, '2026-01-01')).toEqual([])
  })
})
