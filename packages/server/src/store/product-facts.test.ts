import type { Sbom, SupportDate, VexStatement } from '@wardkeeper/core'
import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { loadProductFacts, saveSboms, saveSupportDates, saveVex } from './product-facts.ts'

const database = useDatabase()

const sbom: Sbom = {
  id: 'sbom-1',
  manufacturer: 'Acme',
  model: 'Pump 1',
  range: 'vers:all/*',
  source: 'Acme',
  published: '2026-01-05',
  components: [{ name: 'tomcat', version: '9.0.37' }],
}
const vex: VexStatement = {
  id: 'vex-1',
  source: 'Acme',
  published: '2026-01-05',
  cves: ['CVE-2020-1938'],
  manufacturer: 'Acme',
  model: 'Pump 1',
  range: '< 2',
  status: 'not-affected',
  justification: 'code_not_reachable',
}
const support: SupportDate = {
  id: 'microsoft/windows-7',
  kind: 'os',
  manufacturer: 'Microsoft',
  model: 'Windows 7',
  range: 'vers:all/*',
  endOfSupport: '2020-01-14',
  source: 'Microsoft',
}

test('facts of products are kept, and the newest word of a source speaks', async () => {
  const { db } = database.current
  await db.transaction().execute(async (trx) => {
    await saveSboms(trx, [sbom])
    await saveVex(trx, [vex])
    await saveSupportDates(trx, [support])
    await saveVex(trx, [{ ...vex, status: 'affected' }])
  })
  const facts = await loadProductFacts(db)
  expect(facts.sboms).toEqual([sbom])
  expect(facts.vex).toEqual([{ ...vex, status: 'affected' }])
  expect(facts.support).toEqual([support])
})
