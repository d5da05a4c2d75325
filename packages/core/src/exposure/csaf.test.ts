import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCsaf } from './csaf.ts'

interface Leaf {
  readonly vendor?: string
  readonly product?: string
  readonly range?: string
  readonly sentence?: string
}

function document(leaves: readonly Leaf[], change: { title?: string; id?: string } = {}) {
  const { title = 'Acme Pump Vulnerability (Update A)', id = 'ICSMA-26-001-01' } = change
  const branches = leaves.map((leaf, index) => {
    const { vendor = 'Acme', product = 'Pump 1', range = '< 2', sentence = '' } = leaf
    const name = { name: sentence, product_id: `P${index}` }
    const version = { category: 'product_version_range', name: range, product: name }
    const inner = { category: 'product_name', name: product, branches: [version] }
    return { category: 'vendor', name: vendor, branches: [inner] }
  })
  const pids = leaves.map((_, index) => `P${index}`)
  const status = { known_affected: pids }
  const vulnerability = (cve: string, baseScore: number) => ({
    cve,
    cwe: { id: 'CWE-1' },
    product_status: status,
    notes: [{ text: 'a sentence that must not be kept' }],
    scores: [{ cvss_v3: { vectorString: 'CVSS:3.1/AV:N', baseScore }, products: pids }],
    references: [{ url: 'https://example.org/calculator/4.0#CVSS:4.0/AV:N/AC:L' }],
    remediations: [{ category: 'vendor_fix', details: 'words', product_ids: pids }],
  })
  return {
    document: {
      title,
      publisher: { name: 'CISA' },
      references: [{ category: 'self', url: 'https://example.org/a.json' }],
      tracking: {
        id,
        version: '3',
        initial_release_date: '2026-01-02T00:00:00Z',
        current_release_date: '2026-02-03T00:00:00Z',
      },
    },
    product_tree: { branches },
    vulnerabilities: [vulnerability('CVE-2026-1001', 9.1), vulnerability('CVE-2026-1002', 5)],
  }
}

describe('parseCsaf', () => {
  test('keeps the facts and no prose', () => {
    const kev = (cve: string) => (cve === 'CVE-2026-1001' ? '2026-03-01' : undefined)
    const { advisory, repairs } = parseCsaf(document([{}]), kev)
    expect(advisory).toEqual({
      id: 'ICSMA-26-001-01',
      kind: 'csaf',
      source: 'CISA',
      revision: '3',
      published: '2026-01-02',
      updated: '2026-02-03',
      products: [
        {
          pid: 'P0',
          vendor: 'Acme',
          product: 'Pump 1',
          range: '< 2',
          cves: ['CVE-2026-1001', 'CVE-2026-1002'],
        },
      ],
      vulnerabilities: [
        {
          cve: 'CVE-2026-1001',
          cwe: 'CWE-1',
          vectors: ['CVSS:4.0/AV:N/AC:L', 'CVSS:3.1/AV:N'],
          baseScore: 9.1,
          kev: '2026-03-01',
        },
        {
          cve: 'CVE-2026-1002',
          cwe: 'CWE-1',
          vectors: ['CVSS:4.0/AV:N/AC:L', 'CVSS:3.1/AV:N'],
          baseScore: 5,
        },
      ],
      remedies: [{ kind: 'vendor_fix', pids: ['P0'] }],
      link: 'https://example.org/a.json',
    })
    expect(repairs).toEqual([])
  })

  test('narrows the CVEs to those that the sentence names', () => {
    const sentence = 'Pump 1: Version 2.X (Impacted by CVE-2026- 1002)'
    expect(productOf({ sentence })).toMatchObject({ cves: ['CVE-2026-1002'] })
  })

  test.each([
    ['a vendor misspelt', { vendor: 'Phillips' }, { vendor: 'Philips' }],
    ['blanks', { vendor: 'Medtronic ' }, { vendor: 'Medtronic' }],
    ['double encoding', { vendor: 'Yhtym\u00c3\u00a4 Oy' }, { vendor: 'Yhtymä Oy' }],
    ['a lost product name', { product: 'Version' }, { product: 'Pump' }],
    [
      'a torn model',
      { product: 'Sure', range: '<= S4 A.07', sentence: 'Sure: VS4 A.07 and prior' },
      { product: 'Sure VS4', range: '<= A.07' },
    ],
  ])('puts %s right, and says so', (_case, leaf, expected) => {
    expect(productOf(leaf)).toMatchObject(expected)
    expect(parseCsaf(document([leaf])).repairs).toHaveLength(1)
  })

  test.each([
    ['Yhtymä', 'Yhtymä'],
    ['Dräger', 'Dräger'],
    ['Ã', 'Ã'],
  ])('leaves %s alone', (vendor, expected) => {
    expect(productOf({ vendor })).toMatchObject({ vendor: expected })
  })

  test('does not take a short name for lost where there are others', () => {
    const { advisory } = parseCsaf(document([{ product: 'AW' }, { product: 'AWS' }]))
    expect(advisory.products.map(({ product }) => product)).toEqual(['AW', 'AWS'])
  })

  test.each([
    ['<= 3.01', 'EMR Versions: 3.02 and prior', '<= 3.02'],
    ['>= 1.3 | < 1.5', 'ES Versions 1.3 through to 1.5', '>= 1.3 | <= 1.5'],
    ['<= 6.5', 'Older versions back to 6.5 are also affected', '>= 6.5'],
    ['<= 3.1', 'Pump: Version 3.1 and prior', undefined],
    ['<=N', 'Monitor: <=N.0', undefined],
  ])('beside %s, "%s" states %s', (range, sentence, stated) => {
    expect(productOf({ range, sentence }).stated).toBe(stated)
  })

  test('refuses what is no advisory', () => {
    for (const wrong of [undefined, null, [], 'x', {}, { document: {} }]) {
      expect(() => parseCsaf(wrong)).toThrow('document.tracking.id is missing')
    }
  })

  test('reads any tree under an id without failing, however deep', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (tree, vulnerabilities) => {
        const whole = { document: { tracking: { id: 'X' } }, product_tree: tree, vulnerabilities }
        expect(parseCsaf(whole).advisory.id).toBe('X')
      }),
    )
    let branch: object = { category: 'vendor', name: 'deep' }
    for (let depth = 0; depth < 50_000; depth++) branch = { category: 'x', branches: [branch] }
    const deep = { document: { tracking: { id: 'X' } }, product_tree: { branches: [branch] } }
    expect(parseCsaf(deep).advisory.products).toEqual([])
  })
})

function productOf(leaf: Leaf) {
  const [product] = parseCsaf(document([leaf])).advisory.products
  if (product === undefined) throw new Error('no product')
  return product
}

const tree = new URL(
  '../../../../../shared/intel/cisagov-csaf/csaf_files/OT/white/',
  import.meta.url,
)

test('every document of the published tree is read', () => {
  if (!existsSync(tree))
    return void process.stdout.write(`skipped: ${tree.pathname} is not there\n`)
  const names = readdirSync(tree, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /icsm?a-[^/]*\.json$/.test(name),
  )
  expect(names.length).toBeGreaterThanOrEqual(2538)
  for (const name of names) {
    const { advisory } = parseCsaf(JSON.parse(readFileSync(new URL(name, tree), 'utf8')))
    expect(advisory.products.length, name).toBeGreaterThan(0)
    expect(
      advisory.products.every(({ range }) => range !== ''),
      name,
    ).toBe(true)
  }
}, 60_000)
