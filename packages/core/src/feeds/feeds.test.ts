import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCsafDocument } from './csaf-document.ts'
import { parseCveRecord } from './cve-record.ts'
import { scoreOf, scoreVector } from './cvss.ts'
import { BadDocument } from './facts.ts'
import { stalenessOf, verdictToShow, whyAbsenceIsUnknown } from './freshness.ts'
import { parseKev } from './kev.ts'
import { findContradictions } from './mds2-contradiction.ts'
import { normalise, parseMds2, rowsOfText } from './mds2.ts'
import { configurationsOf } from './nvd.ts'
import { parseFoiClass, parseIdentifiers } from './openfda.ts'
import { parseCycloneDx, parseSpdxTagValue } from './sbom.ts'
import { parsePatches, parseSupportDates } from './tables.ts'
import { parseCycloneVex, parseOpenVex } from './vex.ts'

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

test.each([
  ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 10],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
  ['no vector', undefined],
  ['CVSS:3.1/AV:X', undefined],
])('the score of %s is %s', (vector, score) => expect(scoreOf(vector)).toBe(score))

test('a stated score that the vector does not give is kept beside it', () => {
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
  expect(scoreVector(vector, 7.1, 'x')).toMatchObject({ score: 9.8, stated: 7.1 })
  expect(scoreVector(vector, 9.8, 'x')).not.toHaveProperty('stated')
})

test('a catalogue that lost entries is refused, a wrong entry is set aside', () => {
  const entry = {
    cveID: 'CVE-2026-1000',
    dateAdded: '2026-01-02',
    dueDate: '',
    knownRansomwareCampaignUse: 'Known',
  }
  const head = { catalogVersion: '1', dateReleased: '2026-01-03T00:00:00Z' }
  expect(() => parseKev({ ...head, count: 3, vulnerabilities: [entry] })).toThrow(BadDocument)
  const bad = [
    { ...entry, cveID: 'CVE-26' },
    { ...entry, dateAdded: '2026-02-31' },
    { ...entry, dateAdded: '2027-01-01' },
  ]
  const { facts, bad: aside } = parseKev({ ...head, count: 4, vulnerabilities: [entry, ...bad] })
  expect(facts.signals).toEqual([
    { cve: 'CVE-2026-1000', kev: { added: '2026-01-02', isRansomware: true } },
  ])
  expect(aside.map(({ reason }) => reason)).toEqual([
    'cveID "CVE-26" is no CVE id',
    'dateAdded is not a date',
    'dateAdded 2027-01-01 is after the catalogue',
  ])
})

test('AND keeps the hardware as a condition, OR makes several ways', () => {
  const match = (criteria: string, vulnerable = true) => ({
    criteria: `cpe:2.3:${criteria}`,
    vulnerable,
  })
  const node = (...cpeMatch: object[]) => ({ operator: 'OR', negate: false, cpeMatch })
  const [both] = configurationsOf({
    operator: 'AND',
    nodes: [node(match('o:a:b')), node(match('h:a:b', false))],
  })
  expect(both?.nodes).toHaveLength(2)
  expect(configurationsOf({ nodes: [node(match('a:a:b')), node(match('a:a:c'))] })).toHaveLength(2)
  expect(configurationsOf({ negate: true, nodes: [node(match('a:a:b'))] })).toEqual([])
})

test('a feed says how old it is', () => {
  const feed = { id: 'kev', title: 'KEV', dataTime: undefined, lastSuccess: 0, staleDays: 7 }
  expect(stalenessOf(feed, 41 * 86_400_000)).toMatchObject({
    isStale: true,
    reason: 'unknown because KEV is 41 days old',
  })
  expect(stalenessOf(feed, 86_400_000)).toMatchObject({
    isStale: false,
    reason: 'KEV is 1 day old',
  })
  expect(stalenessOf({ ...feed, lastSuccess: undefined }, 0).reason).toBe(
    'unknown because KEV was never loaded',
  )
})

const QUESTIONS_2019 = [
  ['DOC-1', 'Manufacturer Name', 'Example Medical'],
  ['DOC-3', 'Device Model', 'Pump 300, Pump 310'],
  ['DOC-7', 'Document Release Date', '3/20/2026'],
  ['MPII-1', 'Can this device store personal data?', 'Yes', '__'],
  ['TXCF-2 ', 'Is data encrypted prior to transmission?', 'Yes,TLS', 'Note 3'],
  ['SHAD-15', 'Is the boot loader locked?', 'No: needs a tool'],
  ['CONN-1', 'Hardware connectivity', '____'],
  ['RMOT-1', 'Does the device permit remote service?', 'No', '__'],
  ['AUDT-1', 'Audit log?', 'N/A'],
  ['AUDT-2', 'What is logged?', 'See Note 4'],
]

test('a form of 2019: answers raw and normalised, unanswered is not "no"', () => {
  const form = parseMds2(QUESTIONS_2019)
  expect(form).toMatchObject({
    edition: '2019',
    manufacturer: 'Example Medical',
    models: ['Pump 300', 'Pump 310'],
    range: 'vers:all/*',
    released: '2026-03-20',
  })
  const answers = Object.fromEntries(form.claims.map(({ id, answer }) => [id, answer]))
  expect(answers).toMatchObject({
    'TXCF-2': 'yes',
    'SAHD-15': 'no',
    'CONN-1': 'unanswered',
    'RMOT-1': 'no',
    'AUDT-1': 'not-applicable',
    'AUDT-2': 'see-note',
  })
  expect(form.claims.find(({ id }) => id === 'TXCF-2')).toMatchObject({
    raw: 'Yes,TLS',
    note: 'Note 3',
  })
})

test('a form of 2013, as the text of a PDF', () => {
  const text = `
  Manufacturer            Document ID      Document Release Date
  Example Medical         EM-77            2014-05-06
  Device Model            Software Revision
  Monitor 9               4.2
  A      Can this device display private data?                Yes     __
  1-1    Can the device be configured to log off?             No      __
  2-1    Can the device create an audit trail?                Yes     2
  18-2 Is private data encrypted prior to transmission?       Yes     __
  20-1   Can the device be serviced remotely?                 No      __
  13-1   Are all components physically secure?                        __`
  const form = parseMds2(rowsOfText(text))
  expect(form).toMatchObject({
    edition: '2013',
    manufacturer: 'Example Medical',
    models: ['Monitor 9'],
    range: '4.2',
  })
  expect(form.claims.find(({ id }) => id === '18-2')).toMatchObject({ answer: 'yes' })
  expect(form.claims.find(({ id }) => id === '13-1')).toMatchObject({ answer: 'unanswered' })
})

test.each([
  ['Yes', 'yes'],
  ['no', 'no'],
  ['No: none', 'no'],
  ['N/A', 'not-applicable'],
  ['See Note 2', 'see-note'],
  ['____', 'unanswered'],
  ['', 'unanswered'],
  ['Windows 10', 'text'],
])('the answer %j is %s', (raw, answer) => expect(normalise(raw)).toBe(answer))

test('what is no form is refused', () => {
  expect(() => parseMds2([['Hello', 'world']])).toThrow('No question')
})

test('claims are held against what the network showed, and only those that it contradicts', () => {
  const form = parseMds2(QUESTIONS_2019)
  const quiet = { weaknesses: [], outside: [], isWireless: false }
  expect(findContradictions(form, quiet)).toEqual([])
  const evidence = { rule: 'x', weight: 1, sensor: 's', field: 'f', value: 'v', time: 0 } as never
  const seen = {
    ...quiet,
    outside: [{ peer: 'service.example.com', evidence: [evidence] }],
    weaknesses: [{ code: 'cleartext-hl7', severity: 'high' as const, reason: '', evidence: [] }],
  }
  expect(findContradictions(form, seen).map(({ code, severity }) => [code, severity])).toEqual([
    ['mds2.contradiction/TXCF-2', 'high'],
    ['mds2.contradiction/RMOT-1', 'high'],
  ])
  // Nothing was claimed where nothing was answered.
  const silent = {
    ...form,
    claims: form.claims.map((one) => ({ ...one, answer: 'unanswered' as const })),
  }
  expect(findContradictions(silent, seen)).toEqual([])
})

test('OpenVEX and CycloneDX statements name product, component and status', () => {
  const open = parseOpenVex({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://example.com/vex/1',
    author: 'Example',
    timestamp: '2026-02-03T00:00:00Z',
    statements: [
      {
        vulnerability: { name: 'CVE-2026-0001' },
        products: [
          {
            '@id': 'pkg:generic/example/pump@1.2',
            subcomponents: [{ '@id': 'pkg:generic/openssl@1.0.2' }],
          },
        ],
        status: 'not_affected',
        justification: 'vulnerable_code_not_present',
      },
    ],
  })
  expect(open).toMatchObject([
    {
      manufacturer: 'example',
      model: 'pump',
      range: '1.2',
      component: 'openssl',
      status: 'not-affected',
    },
  ])
  const cyclone = parseCycloneVex({
    bomFormat: 'CycloneDX',
    metadata: {
      component: { name: 'Pump', version: '2', 'bom-ref': 'p', supplier: { name: 'Example' } },
    },
    components: [{ name: 'zlib', 'bom-ref': 'z' }],
    vulnerabilities: [
      { id: 'CVE-2026-2', analysis: { state: 'resolved' }, affects: [{ ref: 'z' }] },
    ],
  })
  expect(cyclone).toMatchObject([
    { manufacturer: 'Example', model: 'Pump', component: 'zlib', status: 'fixed' },
  ])
})

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

test('tables of makers: bad rows are set aside with what to write', () => {
  const { facts, bad } = parsePatches(
    [
      ['Vendor', 'Product', 'KB', 'Approved', 'CVE'],
      ['Example', 'Pump', 'EX-1', '11/25/2026', 'cve-2026-0001; CVE-2026-0002'],
      ['Example', 'Pump', 'EX-2', 'pending', ''],
      ['Example', 'Pump', 'EX-3', 'soon', ''],
    ],
    'example',
  )
  expect(facts.patches).toMatchObject([
    { validated: '2026-11-25', cves: ['CVE-2026-0001', 'CVE-2026-0002'] },
    { reference: 'EX-2' },
  ])
  expect(facts.patches?.[1]).not.toHaveProperty('validated')
  expect(bad).toMatchObject([
    { name: 'row 4', reason: 'validated "soon" is not a date: write it as 2026-11-25' },
  ])
  expect(() => parseSupportDates([['Maker', 'Date']], 'x')).toThrow(
    'missing: "model", "end of support"',
  )
})

test('identifiers lose the signs of trade marks and keep yes and no', () => {
  const record = {
    identifiers: [
      { id: '1', type: 'Package' },
      { id: '2', type: 'Primary', issuing_agency: 'GS1' },
    ],
    brand_name: 'HomeFill® (TM) System',
    version_or_model_number: 'HF2',
    company_name: 'EXAMPLE',
    has_serial_number: 'true',
    has_lot_or_batch_number: false,
  }
  const { facts } = parseIdentifiers({ results: [record, {}] })
  expect(facts.identifiers).toMatchObject([
    { di: '2', brand: 'HomeFill System', hasSerial: true, hasLot: false },
  ])
})

describe('what an old feed is worth', () => {
  const DAYS = 86_400_000
  const feed = { id: 'cisa', title: 'CISA', dataTime: undefined, lastSuccess: 0, staleDays: 14 }
  const at = (day: number) => stalenessOf(feed, day * DAYS)

  test('clears a device until its last day, and not on the day after', () => {
    expect(verdictToShow('not-affected', at(14))).toEqual({ verdict: 'not-affected' })
    expect(verdictToShow('not-affected', at(15))).toEqual({
      verdict: 'unknown',
      reason: 'Unknown because CISA is 15 days old.',
    })
  })

  test.each(['affected', 'possibly-affected', 'disputed', 'unknown'] as const)(
    '%s stands however old the source is',
    (verdict) => expect(verdictToShow(verdict, at(400))).toEqual({ verdict }),
  )

  test('one source that is too old is enough for silence to mean nothing', () => {
    const slow = stalenessOf({ ...feed, id: 'slow', title: 'Slow', staleDays: 400 }, 100 * DAYS)
    const quick = stalenessOf(
      { ...feed, id: 'quick', title: 'Quick', lastSuccess: 80 * DAYS },
      100 * DAYS,
    )
    expect(slow.isStale).toBe(false)
    expect(whyAbsenceIsUnknown([slow])).toBeUndefined()
    expect(whyAbsenceIsUnknown([slow, quick])).toBe('Unknown because Quick is 20 days old.')
    expect(whyAbsenceIsUnknown([])).toMatch(/ever loaded/)
  })
})
