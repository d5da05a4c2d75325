import { describe, expect, test } from 'vitest'
import type { Advisory, CpeConfiguration } from '../vocabulary.ts'
import { indexAdvisories } from './advisory-index.ts'
import { parseCpe } from './cpe.ts'
import { match } from './match.ts'

const cpe = (part: string, vendor: string, product: string, version = '*') =>
  `cpe:2.3:${part}:${vendor}:${product}:${version}:*:*:*:*:*:*:*`

function cve(id: string, configurations: readonly CpeConfiguration[]): Advisory {
  const dates = { published: '2026-01-01', updated: '2026-01-01' }
  const none = { products: [], vulnerabilities: [], remedies: [] }
  return {
    id,
    kind: 'cve',
    source: 'NVD',
    revision: '1',
    ...dates,
    ...none,
    configurations,
    link: '',
  }
}

/** As CVE-2020-25165 has it: firmware with a range, on a hardware that is a condition. */
const pump: CpeConfiguration = {
  nodes: [
    [
      {
        criteria: cpe('o', 'bd', 'alaris_8015_pcu_firmware'),
        vulnerable: true,
        endIncluding: '9.33.1',
      },
    ],
    [{ criteria: cpe('h', 'bd', 'alaris_8015_pcu', '-'), vulnerable: false }],
  ],
}
const index = indexAdvisories([
  cve('CVE-1', [pump]),
  cve('CVE-2', [
    { nodes: [[{ criteria: cpe('a', 'offis', 'dcmtk', '3.6.8'), vulnerable: true }]] },
  ]),
  cve('CVE-3', [
    {
      nodes: [
        [{ criteria: cpe('a', 'acme', 'view'), vulnerable: true }],
        [{ criteria: cpe('o', 'microsoft', 'windows', '-'), vulnerable: false }],
      ],
    },
  ]),
  cve('CVE-4', [{ nodes: [[{ criteria: cpe('a', 'acme', 'view', '-'), vulnerable: true }]] }]),
])

function verdicts(manufacturer: string, model: string, version?: string) {
  const device = { manufacturer, model, ...(version !== undefined && { version }) }
  return match(device, index).map(({ advisoryId, verdict }) => `${advisoryId} ${verdict}`)
}

describe('CPE configurations', () => {
  test.each([
    ['BD', 'Alaris PCU 8015', '9.33', ['CVE-1 affected']],
    ['BD', 'Alaris PCU 8015', '9.34', []],
    ['BD', 'Alaris PCU 8015', undefined, ['CVE-1 possibly-affected']],
    ['Acme', 'Alaris PCU 8015', '9.33', []],
    ['BD', 'Alaris PCU 8015 Plus', '9.33', []],
    ['OFFIS', 'DCMTK', '3.6.8', ['CVE-2 affected']],
    ['OFFIS', 'DCMTK', '3.6.9', []],
    ['Acme', 'View', '2', ['CVE-3 possibly-affected', 'CVE-4 possibly-affected']],
  ])('%s %s %s', (manufacturer, model, version, expected) => {
    expect(verdicts(manufacturer, model, version)).toEqual(expected)
  })

  test('a part inside is found by its CPE name or its supplier, not by its name alone', () => {
    const part = (parts: object) =>
      match({ manufacturer: 'X', model: 'Y', parts: [parts as never] }, index).map(
        ({ advisoryId, matcher }) => `${advisoryId} ${matcher}`,
      )
    expect(part({ name: 'dcmtk', cpe: cpe('a', 'offis', 'dcmtk', '3.6.8') })).toEqual([
      'CVE-2 component',
    ])
    expect(part({ name: 'dcmtk', supplier: 'OFFIS', version: '3.6.8' })).toEqual([
      'CVE-2 component',
    ])
    expect(part({ name: 'dcmtk', version: '3.6.8' })).toEqual([])
  })

  test('what a CVE says is explained also where it clears', () => {
    const device = { manufacturer: 'BD', model: 'Alaris PCU 8015', version: '9.34' }
    const found = index.cpes?.explain(device, 'CVE-1')
    expect(found?.verdict).toBe('not-affected')
    expect(found?.because.reason).toContain('<= 9.33.1')
  })

  test('an advisory of the maker that clears, and a CVE that does not, are disputed', () => {
    const product = {
      pid: '1',
      vendor: 'OFFIS',
      product: 'DCMTK',
      range: '< 3.6.7',
      cves: ['CVE-2'],
    }
    const advisory = { ...cve('ICSMA-1', []), kind: 'csaf' as const, products: [product] }
    const both = indexAdvisories([
      advisory,
      cve('CVE-2', [
        { nodes: [[{ criteria: cpe('a', 'offis', 'dcmtk', '3.6.8'), vulnerable: true }]] },
      ]),
    ])
    const found = match({ manufacturer: 'OFFIS', model: 'DCMTK', version: '3.6.8' }, both)
    expect(found.map(({ verdict }) => verdict)).toEqual(['not-affected', 'disputed'])
    expect(found[1]?.because.reason).toContain('Sources disagree')
  })
})

test('escapes are taken away', () => {
  expect(parseCpe(String.raw`cpe:2.3:a:acme:entegra_p\&r\:x:1.0\(2\):*:*:*:*:*:*:*`)).toMatchObject(
    {
      product: 'entegra_p&r:x',
      version: '1.0(2)',
    },
  )
  expect(parseCpe('cpe:/a:acme:x')).toBeUndefined()
})

test('a second program that has to be there leaves it open, and another one on the same list does not', () => {
  const both = indexAdvisories([
    cve('CVE-5', [
      {
        nodes: [
          [{ criteria: cpe('a', 'acme', 'view', '2.0'), vulnerable: true }],
          [{ criteria: cpe('a', 'other', 'codec'), vulnerable: true }],
        ],
      },
    ]),
    cve('CVE-6', [
      {
        nodes: [
          [
            { criteria: cpe('a', 'acme', 'view', '1.0'), vulnerable: true },
            { criteria: cpe('a', 'other', 'codec'), vulnerable: true },
          ],
        ],
      },
    ]),
  ])
  const found = match({ manufacturer: 'Acme', model: 'View', version: '2.0' }, both)
  expect(found.map(({ advisoryId, verdict }) => `${advisoryId} ${verdict}`)).toEqual([
    'CVE-5 possibly-affected',
  ])
})
