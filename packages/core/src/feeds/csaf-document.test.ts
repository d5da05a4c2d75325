import { expect, test } from 'vitest'
import { readCsafDocument } from './csaf-document.ts'

test('CSAF VEX: not affected, with the reason, and never as an affected product', () => {
  const document = {
    document: {
      category: 'csaf_vex',
      publisher: { name: 'Example' },
      tracking: {
        id: 'V-1',
        version: '1',
        status: 'final',
        initial_release_date: '2026-01-01T00:00:00Z',
        current_release_date: '2026-01-02T00:00:00Z',
      },
    },
    product_tree: {
      branches: [
        {
          category: 'vendor',
          name: 'Example',
          branches: [
            {
              category: 'product_name',
              name: 'Pump',
              product: { product_id: 'P', name: 'Example Pump' },
            },
          ],
        },
      ],
    },
    vulnerabilities: [
      {
        cve: 'CVE-2026-0009',
        product_status: { known_not_affected: ['P'] },
        flags: [{ label: 'component_not_present', product_ids: ['P'] }],
      },
    ],
  }
  const { facts } = readCsafDocument(document)
  expect(facts.statements).toMatchObject([
    { status: 'not-affected', justification: 'component_not_present', model: 'Pump' },
  ])
  expect(facts.advisories?.[0]?.products).toMatchObject([
    { status: 'not-affected', cves: ['CVE-2026-0009'] },
  ])
})
