import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCsafDocument } from './csaf-document.ts'
import { parseCveRecord } from './cve-record.ts'
import { parseKev } from './kev.ts'
import { parseFoiClass } from './openfda.ts'
import { parseCycloneDx, parseSpdxTagValue } from './sbom.ts'

const INTEL = path.resolve(import.meta.dirname, '../../../../../shared/intel')
const hasIntel = existsSync(INTEL)
const WHY = hasIntel ? '' : ` (skipped: ${INTEL} is not there)`
const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(INTEL, file), 'utf8'))

describe.skipIf(!hasIntel)(`recorded data${WHY}`, () => {
  test('every CSAF file of the operational technology tree is read', { timeout: 120_000 }, () => {
    const folder = 'cisagov-csaf/csaf_files/OT/white'
    const files = readdirSync(path.join(INTEL, folder), {
      recursive: true,
      encoding: 'utf8',
    }).filter((name) => /icsm?a-[^/]*\.json$/.test(name))
    const failures: string[] = []
    let products = 0
    for (const file of files) {
      try {
        const { facts } = readCsafDocument(readJson(path.join(folder, file)))
        products += facts.advisories?.[0]?.products.length ?? 0
        if (facts.advisories?.length !== 1) failures.push(`${file}: no advisory`)
      } catch (error) {
        failures.push(`${file}: ${String(error)}`)
      }
    }
    expect(failures).toEqual([])
    expect(files).toHaveLength(2538)
    expect(products).toBeGreaterThan(18_000)
  })

  test('KEV, vulnrichment, product codes', () => {
    const kev = parseKev(readJson('kev/known_exploited_vulnerabilities.json'))
    expect(kev.facts.signals).toHaveLength(1404)
    expect(kev.facts.signals?.filter((one) => one.kev?.isRansomware)).toHaveLength(293)
    const records = readdirSync(path.join(INTEL, 'vulnrichment')).map((file) =>
      parseCveRecord(readJson(`vulnrichment/${file}`)),
    )
    expect(
      records.flatMap((one) => one.facts.signals ?? []).filter((one) => one.ssvc),
    ).toHaveLength(43)
    const codes = parseFoiClass(
      readFileSync(path.join(INTEL, 'fda-product-codes/foiclass-2019.txt'), 'latin1'),
    )
    expect(codes.bad).toEqual([])
    expect(codes.facts.productCodes?.find(({ code }) => code === 'CBK')).toMatchObject({
      isLifeSupport: true,
    })
  })

  test('bills of materials, whatever letters follow their names', () => {
    const read = readdirSync(path.join(INTEL, 'sbom-vex/daggerboard'))
      .filter((name) => name.includes('ACME'))
      .map((name) =>
        parseSpdxTagValue(readFileSync(path.join(INTEL, 'sbom-vex/daggerboard', name), 'utf8')),
      )
    expect(read.map(({ model, range }) => [model, range])).toEqual(
      read.map(() => ['INFUSION', '1.0']),
    )
    const keycloak = parseCycloneDx(readJson('sbom-vex/SBOM/keycloak-10.0.2/bom.json'), {
      manufacturer: 'Red Hat',
    })
    expect(keycloak.components).toHaveLength(903)
  })
})
