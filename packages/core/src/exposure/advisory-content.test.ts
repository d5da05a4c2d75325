import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Advisory } from '../vocabulary.ts'
import { isUnderstood, parseRange } from './range.ts'

const file = new URL('../../../../content/advisories/icsma.json', import.meta.url)
const text = readFileSync(file, 'utf8')
const content = JSON.parse(text) as {
  readonly meta: { readonly count: number; readonly source: string; readonly licence: string }
  readonly advisories: readonly Advisory[]
}
const { advisories } = content
const products = advisories.flatMap((advisory) => advisory.products)

describe('the bundled advisories', () => {
  test('are the 153 medical ones and 5 industrial ones on medical products', () => {
    expect(advisories).toHaveLength(158)
    expect(content.meta.count).toBe(158)
    expect(advisories.filter(({ id }) => id.startsWith('ICSMA-'))).toHaveLength(153)
    expect(content.meta.source).toContain('CISA')
  })

  test('are sorted, each on a line of its own', () => {
    const ids = advisories.map(({ id }) => id)
    expect(ids).toEqual([...ids].sort())
    expect(text.split('\n').filter((line) => line.startsWith('{"id"'))).toHaveLength(158)
  })

  test.each(advisories.map((advisory) => [advisory.id, advisory] as const))(
    '%s is whole',
    (_id, advisory) => {
      expect(advisory).toMatchObject({
        kind: 'csaf',
        revision: expect.stringMatching(/^\d+$/),
        published: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
        updated: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
        link: expect.stringMatching(/^https:\/\//),
      })
      expect(advisory.products.length).toBeGreaterThan(0)
      const cves = new Set(advisory.vulnerabilities.map(({ cve }) => cve))
      const pids = new Set(advisory.products.map(({ pid }) => pid))
      expect(advisory.products.filter((one) => one.vendor === '' || one.product === '')).toEqual([])
      expect(advisory.products.flatMap((one) => one.cves).filter((cve) => !cves.has(cve))).toEqual(
        [],
      )
      expect(advisory.remedies.flatMap((one) => one.pids).filter((pid) => !pids.has(pid))).toEqual(
        [],
      )
    },
  )

  test('carry 11 vulnerabilities of the medical ones that are known to be exploited', () => {
    const medical = advisories.filter(({ id }) => id.startsWith('ICSMA-'))
    const exploited = medical
      .flatMap(({ vulnerabilities }) => vulnerabilities)
      .filter(({ kev }) => kev !== undefined)
    expect(new Set(exploited.map(({ cve }) => cve)).size).toBe(11)
  })

  test('have no prose, no double encoding and no blanks around names', () => {
    expect(/Ã|Â/.test(JSON.stringify(advisories))).toBe(false)
    const names = products.flatMap(({ vendor, product, range }) => [vendor, product, range])
    expect(names.filter((name) => name !== name.trim())).toEqual([])
    expect(names.filter((name) => name.length > 160)).toEqual([])
  })

  test('name their products in their own words, on one line each', () => {
    const leaves = products.flatMap(({ leaf }) => leaf ?? [])
    expect(products.length - leaves.length).toBeLessThanOrEqual(6)
    expect(leaves.filter((leaf) => leaf.length > 200 || leaf !== leaf.trim())).toEqual([])
    expect(leaves.filter((leaf) => leaf.includes('\n'))).toEqual([])
  })

  test('have ranges of which nearly all are understood, and the rest are known', () => {
    const unclear = products.filter(({ range }) => !isUnderstood(parseRange(range)))
    expect(unclear).toHaveLength(11)
  })

  test('state a second range where the sentence contradicts the table', () => {
    const stated = advisories.flatMap(({ id, products: own }) =>
      own.flatMap((one) => (one.stated === undefined ? [] : [[id, one.range, one.stated]])),
    )
    expect(stated).toEqual([
      ['ICSMA-19-120-01', '<= 3.01.1744', '<= 3.02.1744'],
      ['ICSMA-19-248-01', '>= 1.3.4 | < 1.5.3', '>= 1.3.4 | <= 1.5.3'],
      ['ICSMA-19-274-01', '<= 6.5', '>= 6.5'],
      ['ICSMA-19-311-02', '<= 1.0.0', '<= 1.1.0'],
    ])
  })
})
