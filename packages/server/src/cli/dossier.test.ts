import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { run } from './program.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'dossier-'))

afterEach(() => vi.restoreAllMocks())

async function dossier(...args: string[]) {
  let out = ''
  let problems = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    problems += String(text)
    return true
  })
  const code = await run(['dossier', ...args])
  return { code, out, problems }
}

const csaf = (id: string) =>
  JSON.stringify({
    document: {
      title: 'Nowhere Pumps Drip 9',
      publisher: { name: 'Nowhere' },
      tracking: {
        id,
        version: '1',
        initial_release_date: '2025-01-01T00:00:00Z',
        current_release_date: '2025-01-21T00:00:00Z',
      },
      references: [],
    },
    product_tree: {
      branches: [
        {
          category: 'vendor',
          name: 'Söhne & Töchter',
          branches: [
            {
              category: 'product_name',
              name: 'Drip 9',
              branches: [
                {
                  category: 'product_version_range',
                  name: '<3.0',
                  product: { product_id: 'P1', name: 'Söhne & Töchter Drip 9 <3.0' },
                },
              ],
            },
          ],
        },
      ],
    },
    vulnerabilities: [
      {
        cve: 'CVE-2025-0001',
        product_status: { known_affected: ['P1'] },
        remediations: [{ category: 'vendor_fix', product_ids: ['P1'], details: 'x' }],
      },
    ],
  })

test('advisories of a folder are held against the model, and what cannot be read is told', async () => {
  writeFileSync(path.join(folder, 'good.json'), csaf('NOW-25-001'))
  writeFileSync(path.join(folder, 'bad.json'), '<html>')
  const pdf = path.join(folder, 'out.pdf')
  const { code, out, problems } = await dossier(
    'Söhne & Töchter',
    'Drip 9',
    '2.1',
    '--advisories',
    folder,
    '--json',
    '--pdf',
    pdf,
  )
  expect(code).toBe(3)
  expect(problems).toMatch(/bad\.json/)
  const body = JSON.parse(out) as { advisories: object[]; mds2: object }
  expect(body.advisories).toMatchObject([{ id: 'NOW-25-001', verdict: 'affected', daysToFix: 20 }])
  expect(body.mds2).toMatchObject({ isKnown: false })
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-')
})

test('a model that no advisory names is not called safe', async () => {
  const { code, out } = await dossier('Nobody', 'Thing')
  expect(code).toBe(0)
  expect(out).toMatch(/No advisory names it among the \d+ that were looked through/)
  expect(out).toMatch(/not proof of a safe device/)
  expect(out).toMatch(/MDS2: not known\./)
})

test('the advisories that come with the product are used', async () => {
  const { out } = await dossier('BD', 'Alaris PC Unit', '--json')
  const body = JSON.parse(out) as { knownAs: string; advisories: object[] }
  expect(body.knownAs).toMatch(/BD|Becton/)
  expect(body.advisories.length).toBeGreaterThan(0)
})

test('a folder that is not there is refused with its name', async () => {
  const { code, problems } = await dossier('BD', 'x', '--advisories', '/no/such/folder')
  expect(code).toBe(3)
  expect(problems).toContain('/no/such/folder')
})
