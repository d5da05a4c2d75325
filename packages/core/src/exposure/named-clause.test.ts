import { expect, test } from 'vitest'
import type { Advisory } from '../vocabulary.ts'
import { indexAdvisories } from './advisory-index.ts'
import { match } from './match.ts'

function verdictOf(product: string, range: string, model: string, version?: string) {
  const advisory: Advisory = {
    id: 'A-1',
    kind: 'csaf',
    source: 'test',
    revision: '1',
    published: '2026-01-01',
    updated: '2026-01-01',
    products: [{ pid: '1', vendor: 'Example', product, range, cves: [] }],
    vulnerabilities: [],
    remedies: [],
    link: '',
  }
  const device = { manufacturer: 'Example', model, ...(version !== undefined && { version }) }
  return match(device, indexAdvisories([advisory]))[0]?.verdict
}

test.each([
  ['750-8202/025-002', 'affected'],
  ['750-8207', 'affected'],
  // The rest of its number is listed: a person has to look.
  ['750-8303', 'possibly-affected'],
])('an x in the number of a model stands for any sign: %s', (model, verdict) => {
  expect(verdictOf('Series PFC200', '750-82xx/xxx-xxx', `PFC200 ${model}`)).toBe(verdict)
})

test('what a processor is called clears no model', () => {
  const range = 'Intel Core i5 Intel Core i7 | Intel XEON'
  expect(verdictOf('SINUMERIK Panel Control Unit (PCU)', range, 'SINUMERIK PCU50.5-C')).toBe(
    'possibly-affected',
  )
})

test.each([
  // Its own name ends in it too: which build it is, is not said.
  ['BATCH V8.0', '<V8.0_SP1_Upd21', 'BATCH V8.0', 'possibly-affected'],
  [
    'Anywhere with Expert v8.1 and Expert v8.2',
    '1.0',
    'Anywhere with Expert v8.1 and Expert v8.2',
    'possibly-affected',
  ],
  // Some builds of it are in the range, and some are not.
  ['PXC00-E.D', '<V5.00.171', 'PXC00-E.D V5.00', 'possibly-affected'],
  ['PXC00-E.D', '<= 6.00.327', 'PXC00-E.D V5.00', 'affected'],
  ['Portal', '8.0', 'Portal 8.0', 'affected'],
  ['Xeleris 3.1', 'vers:all/*', 'Xeleris 3.1', 'affected'],
])('a version in the name, %s %s: %s', (product, range, model, verdict) => {
  expect(verdictOf(product, range, model)).toBe(verdict)
})
