import { expect, test } from 'vitest'
import { indexAdvisories } from '../exposure/advisory-index.ts'
import { compileVocabulary } from '../identity/vocabulary.ts'
import type { Advisory, Device } from '../vocabulary.ts'
import { assembleDossier } from './dossier.ts'

const vocabulary = compileVocabulary({
  categories: [{ id: 'infusion', name: 'Infusion', clinical: true }],
  'device-types': [
    { id: 'infusion-pump', name: 'Infusion pump', category: 'infusion', regulated: true },
  ],
  manufacturers: [{ name: 'Acme', aliases: ['Acme Medical'], makes: [] }],
})

const advisory = (id: string, change: Partial<Advisory> = {}): Advisory => ({
  id,
  kind: 'csaf',
  source: 'test',
  revision: '1',
  published: '2025-01-01',
  updated: '2025-01-31',
  products: [
    { pid: 'P', vendor: 'Acme', product: 'Drip 9', range: '< 3.0', cves: ['CVE-2025-0001'] },
  ],
  vulnerabilities: [{ cve: 'CVE-2025-0001', vectors: [], baseScore: 9.1 }],
  remedies: [{ kind: 'vendor_fix', pids: ['P'] }],
  link: 'https://example.org/a',
  ...change,
})

const ADVISORIES = [
  advisory('A-1'),
  advisory('A-2', {
    published: '2025-06-01',
    updated: '2025-06-01',
    remedies: [{ kind: 'mitigation', pids: ['P'] }],
  }),
  advisory('A-3', {
    published: '2025-03-01',
    updated: '2025-03-11',
    vulnerabilities: [{ cve: 'CVE-2025-0001', vectors: [], kev: '2025-04-01' }],
  }),
  advisory('A-4', {
    products: [{ pid: 'P', vendor: 'Other', product: 'Drip 9', range: 'vers:all/*', cves: [] }],
  }),
]

const dossierOf = (device: Device, more: object = {}) =>
  assembleDossier({
    device,
    advisories: ADVISORIES,
    index: indexAdvisories(ADVISORIES, vocabulary),
    vocabulary,
    hasRecalls: false,
    now: Date.parse('2025-07-01'),
    ...more,
  })

test('advisories so far come with their verdict and how long the fix took', () => {
  const dossier = dossierOf({ manufacturer: 'Acme Medical', model: 'Drip 9', version: '2.1' })
  expect(dossier.knownAs).toBe('Acme')
  expect(dossier.advisories.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
    'A-2 affected',
    'A-3 affected',
    'A-1 affected',
  ])
  const [open, exploited, fixed] = dossier.advisories
  expect(fixed).toMatchObject({ daysToFix: 30, worstScore: 9.1 })
  expect(open).toMatchObject({ daysOpen: 30, remedies: ['mitigation'] })
  expect(exploited).toMatchObject({ daysToFix: 10, knownExploited: ['CVE-2025-0001'] })
  expect(dossier.summary).toMatchObject({
    advisories: 3,
    withoutFix: 1,
    knownExploited: 1,
    medianDaysToFix: 10,
  })
})

test('a version that is not named is possibly affected, and one that has the fix is not', () => {
  const verdicts = (version?: string) =>
    dossierOf({
      manufacturer: 'Acme',
      model: 'Drip 9',
      ...(version === undefined ? {} : { version }),
    }).advisories.map(({ verdict }) => verdict)
  expect(new Set(verdicts())).toEqual(new Set(['possibly-affected']))
  expect(new Set(verdicts('3.1'))).toEqual(new Set(['not-affected']))
})

test('every part that is not held says so, and what to do', () => {
  const dossier = dossierOf({ manufacturer: 'Nobody', model: 'Thing' })
  expect(dossier.knownAs).toBeUndefined()
  for (const part of [
    dossier.recalls,
    dossier.mds2,
    dossier.sboms,
    dossier.support,
    dossier.experience,
  ]) {
    expect(part.isKnown).toBe(false)
    expect(part.isKnown ? '' : part.because).toMatch(/\w{3}/)
  }
  expect(dossier.summary.medianDaysToFix).toBeUndefined()
})

test('a bill of materials and support dates are those of this maker and model', () => {
  const of = (manufacturer: string, model: string) => ({
    manufacturer,
    model,
    range: 'vers:all/*',
    source: 's',
    id: `${manufacturer}${model}`,
  })
  const dossier = dossierOf(
    { manufacturer: 'ACME Medical', model: 'drip-9' },
    {
      sboms: [
        { ...of('Acme', 'Drip 9'), published: '2025-01-01', components: [{ name: 'zlib' }] },
        { ...of('Acme', 'Drip 10'), published: '2025-01-01', components: [] },
      ],
      support: [
        { ...of('Acme', 'Drip9'), kind: 'device', endOfSupport: '2030-01-01' },
        { ...of('Acme', 'Drip 9'), kind: 'os', endOfSupport: '2020-01-01' },
      ],
    },
  )
  expect(dossier.sboms).toMatchObject({ isKnown: true, items: [{ components: 1 }] })
  expect(dossier.support).toMatchObject({ isKnown: true, items: [{ endOfSupport: '2030-01-01' }] })
})
