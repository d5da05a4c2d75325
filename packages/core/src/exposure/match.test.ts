import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CORE_SCHEMA, load } from 'js-yaml'
import { compileVocabulary } from '../identity/vocabulary.ts'
import type { Advisory, Claim, Device } from '../vocabulary.ts'
import { indexAdvisories } from './advisory-index.ts'
import { deviceOf, match } from './match.ts'

const root = new URL('../../../../content/', import.meta.url)
const { advisories } = JSON.parse(readFileSync(new URL('advisories/icsma.json', root), 'utf8')) as {
  readonly advisories: readonly Advisory[]
}
const index = indexAdvisories(advisories, readVocabulary())

const SIGN = {
  affected: '+',
  disputed: '~',
  'possibly-affected': '?',
  'not-affected': '-',
  unknown: '0',
}

/** Advisories with a sign for the verdict: `+20-317-01` affected, `?` possibly, `~` disputed, `-` not. */
function verdicts(device: Device): readonly string[] {
  const found = match(device, index).map(
    ({ advisoryId, verdict }) => SIGN[verdict] + advisoryId.replace(/^ICSM?A-/, ''),
  )
  return found.toSorted()
}

/** Maker, model, version, and every advisory that is not `not-affected`. */
const CASES: readonly (readonly [string, string, string | undefined, readonly string[]])[] = [
  ['Santesoft', 'Sante DICOM Viewer Pro', '12.2.5', ['+24-058-01']],
  ['Santesoft', 'Sante FFT Imaging', '1.4.0', ['+23-285-02', '+24-065-01']],
  ['MicroDicom', 'DICOM Viewer', '2024.1', ['+24-163-01']],
  ['Medixant', 'RadiAnt DICOM Viewer', '2024.02', ['+25-051-01']],
  ['Orthanc', 'Orthanc server', '1.5.7', ['+25-037-02']],
  ['Orthanc', 'Orthanc', '1.10.1', []],
  ['OFFIS', 'DCMTK', '3.6.7', []],
  ['Medtronic', 'Paceart Optima', '1.12', []],
  ['Hamilton Medical AG', 'HAMILTON-T1', '2.2.4', []],
  ['Illumina', 'NextSeq 550Dx Operating Software', '1.3.2', []],
  ['BD', 'FACSChorus (FACSMelody, HP Z2 G5)', '3.1', ['+23-331-01']],
  ['BD', 'FACSChorus (FACSDiscover S8, HP Z2 G9)', '5.0', ['+23-331-01']],
  ['BD', 'FACSChorus (FACSMelody, HP Z2 G5)', '5.0', []],
  ['Change Healthcare', 'Horizon Cardiology', '11.2', ['+19-241-01']],
  ['Change Healthcare', 'Horizon Cardiology', '12.4', ['+19-241-01']],
  ['Philips', 'IntelliVue MX400', 'M.03', ['+18-156-01', '+20-254-01']],
  ['Philips', 'IntelliVue MX800', 'P.01.03', ['?19-255-01']],
  ['Philips', 'IntelliVue X3', 'M.00', ['+18-156-01', '+20-254-01']],
  ['Philips', 'IntelliVue MX100', 'L.00', ['+20-254-01']],
  ['Philips', 'IntelliVue MX40', 'B.06.18', []],
  ['Philips', 'PIC iX', 'C.03', ['+20-254-01', '+21-322-02']],
  ['Philips', 'Patient Information Center iX', 'C.04', []],
  ['Philips', 'IntelliSpace Portal', '9.0', []],
  ['Philips', 'IntelliSpace Portal', '7.0.3', ['+18-058-02']],
  ['Philips', 'SureSigns VS4', 'A.07.107', ['+20-233-01']],
  ['Philips', 'Tasy EMR', '3.02.1000', ['?21-308-01', '~19-120-01']],
  ['Philips', 'Brilliance CT Big Bore', '2.3.5', ['+18-123-01']],
  ['Medtronic', 'MiniMed Paradigm Veo 754', '2.6A', ['+19-178-01']],
  ['Medtronic', 'MiniMed Paradigm Veo 754CM', '2.7A', ['+19-178-01']],
  ['Medtronic', 'MyCareLink Monitor 24950', undefined, ['+18-179-01', '+18-219-01', '+19-080-01']],
  ['Medtronic', 'MiniMed 630G MMT-1715', undefined, ['+22-263-01']],
  ['Medtronic', 'MiniMed 630G', undefined, ['?22-263-01']],
  ['Medtronic', 'MiniMed630G', undefined, ['?22-263-01']],
  ['Smiths Medical', 'Medfusion4000', '1.6', ['+17-250-02A']],
  ['GE', 'Xeleris 3.1', undefined, ['+18-037-02', '+20-343-01']],
  ['GE', 'Xeleris 4.0', undefined, ['+20-343-01']],
  ['Philips', 'IntelliSpace Portal 9.0', undefined, []],
  ['GE', 'eNTEGRA P&R', undefined, ['?18-037-02']],
  ['Insulet', 'Omnipod DASH', undefined, []],
  ['BD', 'Alaris PCU', '9.32', ['?17-017-01', '?17-017-02', '?20-317-01', '?23-194-01']],
  ['Mortara', 'HScribe', '5.01', ['+21-343-01']],
  ['Philips', 'Intelli Space Perinatal', 'J', ['+19-297-01']],
  ['Wind River', 'VxWorks 653', 'MCE 3.5', ['+19-274-01']],
  ['Philips', 'Veradius Unity 718132', 'shipped 2019-03-01', []],
  ['Philips', 'Veradius Unity 718132', 'shipped 2017-03-01', ['?19-353-01']],
  ['Philips', 'Avalon CTS', undefined, []],
  [
    'Medtronic',
    'MyCareLink Monitor (ICU bed 3)',
    undefined,
    ['?18-179-01', '?18-219-01', '?19-080-01'],
  ],
  ['Insulet', 'Omnipod 5', undefined, []],
  ['Change Healthcare', 'McKesson Horizon Cardiology', '13.0', []],
  ['GE', 'Precision WDR1', undefined, ['+20-343-01']],
  ['GE', 'Aisys CS3', undefined, []],
  ['Baxter', 'Sigma Spectrum 35700BAX3', '9.00', ['+20-170-04', '+22-251-01']],
  ['Siemens', 'SPECT (Windows XP)', undefined, ['+17-215-01']],
  ['BD', 'Alaris PC Unit 8015', '9.33', ['+17-017-02', '+20-170-06', '+20-317-01', '+23-194-01']],
  ['BD', 'Alaris PC Unit 8015', '12.3.1', []],
  ['CareFusion', '8015', '9.33', ['+17-017-02', '+20-317-01', '+23-194-01']],
  [
    'BD',
    'Alaris PC Unit 8015',
    undefined,
    ['?17-017-02', '?20-170-06', '?20-317-01', '?23-194-01'],
  ],
  ['BD', 'Alaris Systems Manager', '12.3.1', []],
  ['BD', 'Alaris Systems Manager', '4.33', ['+20-317-01', '+23-194-01']],
  ['BD', 'Alaris Guardrails Editor', '12.1.3', ['+23-194-01']],
  ['BD', 'Alaris Gateway Workstation', '1.3.1 Build 13', ['+19-164-01']],
  ['BD', 'Alaris Gateway Workstation', '1.3.1', ['?19-164-01']],
  ['BD', 'Pyxis MedStation ES', '1.6.1', ['+18-114-01', '+20-091-01', '+22-062-01', '+22-151-01']],
  ['GE Healthcare', 'CARESCAPE Monitor B450', '2.0.5', ['+20-023-01']],
  ['GE Healthcare', 'LOGIQ 100 Pro', undefined, []],
  ['GE Healthcare', 'LOGIQ E10', 'R3.1.2', ['+20-049-02']],
  ['GE Healthcare', 'EchoPAC', '203', ['-20-343-01']],
  ['GE Healthcare', 'Aespire 7100', undefined, ['+19-190-01']],
  ['Spacelabs', 'Arkon 99999', undefined, ['+20-049-01']],
  ['Spacelabs', 'Ultraview', undefined, []],
  ['Hillrom', 'Connex Spot Monitor', '1.52', ['+24-151-02']],
  ['Baxter', 'Spectrum IQ', '9.01.00', ['+20-170-04', '+22-251-01']],
  ['Baxter', 'Connex Central Station', '1.8.3', ['+21-152-01']],
  ['Epsimed', 'MN-120', undefined, ['+25-030-01', '?22-244-01', '?25-030-01']],
  ['Contec', 'CMS8000', 'CMS7.820.120.01/0.93(0.95)', ['+22-244-01', '+25-030-01']],
  ['Roche', 'Accu-Chek Inform', undefined, []],
  ['Insulet', 'Omnipod ZXP425', undefined, ['+20-079-01']],
  ['Insulet', 'Omnipod Insulin Management System', undefined, ['?20-079-01']],
  ['Siemens Healthineers', 'SPECT/CT Symbia (Windows 7)', undefined, ['+17-215-02']],
  ['Fresenius Kabi', 'Agilia Link', '3.0 D15', []],
  ['Acme', 'Alaris PC Unit 8015', '9.33', []],
  ['Dräger', 'Evita V500', undefined, []],
]

describe('the bundled advisories', () => {
  test.each(CASES)('%s %s %s', (manufacturer, model, version, expected) => {
    const device = { manufacturer, model, ...(version !== undefined && { version }) }
    const all = verdicts(device)
    const wanted = expected.filter((one) => !one.startsWith('-'))
    expect(all.filter((one) => !one.startsWith('-'))).toEqual(wanted.toSorted())
  })

  test('name the CVEs of the product, not all of the advisory', () => {
    const device = { manufacturer: 'GE Healthcare', model: 'CARESCAPE B450', version: '2.1' }
    expect(
      match(device, index).find(({ advisoryId }) => advisoryId === 'ICSMA-20-023-01')?.cves,
    ).toEqual(['CVE-2020-6962', 'CVE-2020-6965'])
  })

  test('say not affected with the range and the version, never for a version unseen', () => {
    const device = { manufacturer: 'BD', model: 'Alaris PC Unit 8015', version: '12.3.1' }
    expect(
      match(device, index).find(({ advisoryId }) => advisoryId === 'ICSMA-20-317-01'),
    ).toMatchObject({
      verdict: 'not-affected',
      because: {
        range: '<= 9.33.1',
        version: '12.3.1',
        reason: 'Alaris PC Unit Model 8015 is affected only in <= 9.33.1, and this one is 12.3.1.',
      },
    })
    const { version: _, ...unseen } = device
    expect(match(unseen, index).filter(({ verdict }) => verdict === 'not-affected')).toEqual([])
    expect(match({ ...device, version: ' ' }, index).map(({ missing }) => missing)).toContain(
      'firmware',
    )
  })

  test('find software inside a device', () => {
    const device = {
      manufacturer: 'Acme',
      model: 'Archive',
      components: { 'OFFIS/DCMTK': '3.6.6' },
    }
    expect(match(device, index)).toMatchObject([
      { advisoryId: 'ICSMA-22-174-01', verdict: 'affected', matcher: 'component' },
    ])
  })

  test('hold no product against another maker', () => {
    const makers = ['Acme', 'FUJIFILM Business Innovation', 'Contec CO., LTD.', 'Zebra', 'Siemens']
    const wrong = advisories
      .flatMap(({ products }) => products)
      .flatMap(({ vendor, product }) =>
        makers
          .filter((maker) => !vendor.includes(maker.split(' ')[0] ?? ''))
          .flatMap((maker) => match({ manufacturer: maker, model: product }, index))
          .filter(({ because }) => because.product === product && because.pid !== '')
          .filter(({ advisoryId }) => isOnly(advisoryId, product)),
      )
    expect(wrong.map(({ advisoryId, because }) => [advisoryId, because.product])).toEqual([])
  })

  test('hold every product of theirs against a device of that name', () => {
    const missed = advisories.flatMap(({ id, products }) =>
      products.flatMap(({ pid, vendor, product }) => {
        const found = match(
          { manufacturer: vendor, model: product.replace(/,? not .*/, '') },
          index,
        )
        return found.some(({ advisoryId }) => advisoryId === id) ? [] : [[id, pid, vendor, product]]
      }),
    )
    expect(missed).toEqual([])
  })
})

/** True where the product is named under one vendor only. */
function isOnly(advisoryId: string, product: string): boolean {
  const vendors = advisories
    .flatMap(({ id, products }) => products.map((one) => ({ id, ...one })))
    .filter((one) => one.product === product)
  return vendors.every(({ id }) => id === advisoryId)
}

describe('deviceOf', () => {
  const claim = (attribute: Claim['attribute'], value: string): Claim => ({
    attribute,
    value,
    confidence: 1,
    rule: '',
    evidence: [],
    against: [],
  })

  test('needs maker and model', () => {
    expect(deviceOf({ claims: [claim('manufacturer', 'BD')] })).toBeUndefined()
    expect(deviceOf({ claims: [claim('model', '8015')] })).toBeUndefined()
    const claims = [claim('manufacturer', 'BD'), claim('model', '8015'), claim('firmware', '9.33')]
    expect(deviceOf({ claims })).toEqual({ manufacturer: 'BD', model: '8015', version: '9.33' })
  })
})

function readVocabulary() {
  const folder = new URL('vocabularies/', root)
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  const files = names.map((name) => [
    name.replace('.yaml', ''),
    load(readFileSync(new URL(name, folder), 'utf8'), { schema: CORE_SCHEMA }) as unknown,
  ])
  return compileVocabulary(Object.fromEntries(files) as Record<string, unknown>)
}

test('the second and the third of one model are answered as the first, whatever is kept of them', () => {
  const device = { manufacturer: 'Medixant', model: 'RadiAnt DICOM Viewer', version: '2024.02' }
  const found = [1, 2, 3].map(() => match({ ...device }, index))
  expect(found[0]?.map(({ verdict }) => verdict)).toEqual(['affected'])
  expect(found[1]).toEqual(found[0])
  expect(found[2]).toEqual(found[0])
})

test('devices of one model and version that differ in anything else that decides are not taken for twins', () => {
  const advisory: Advisory = {
    ...(advisories[0] as Advisory),
    id: 'OWN-1',
    products: [
      {
        pid: '1',
        vendor: 'Acme',
        product: 'Drip',
        range: '1.0 on Windows 7',
        catalogues: ['4711-A'],
        cves: [],
      },
    ],
    vulnerabilities: [],
    remedies: [],
  }
  const own = indexAdvisories([advisory], readVocabulary())
  const plain = { manufacturer: 'Acme', model: 'Drip', version: '1.0' }
  const devices: readonly Device[] = [
    { ...plain, catalogue: '4711-A', os: 'Windows 7' },
    { ...plain, catalogue: '4711-A', os: 'Windows 10' },
    { ...plain, catalogue: '4711-B', os: 'Windows 7' },
    plain,
  ]
  const verdictsOf = () =>
    devices.map((device) =>
      match(device, own)
        .map(({ verdict }) => verdict)
        .join(),
    )
  const first = verdictsOf()
  expect(first).toEqual(['affected', 'not-affected', '', 'possibly-affected'])
  expect(verdictsOf()).toEqual(first)
})

type Line = readonly [product: string, range: string]

function verdictsOf(lines: readonly Line[], model: string, version?: string): readonly string[] {
  const [known] = advisories
  const products = lines.map(([product, range], at) => ({
    pid: String(at),
    vendor: 'Acme',
    product,
    range,
    cves: [`CVE-2020-100${at}`],
  }))
  const own = indexAdvisories([{ ...known!, id: 'A-1', products }])
  const device = { manufacturer: 'Acme', model, ...(version !== undefined && { version }) }
  return match(device, own).map(({ verdict }) => verdict)
}

const KESTREL: readonly Line[] = [
  ['WorkThings Kestrel Server', '< 6.9'],
  ['WorkThings Plant Connectivity', 'vers:all/*'],
]

test.each<readonly [readonly Line[], string, string | undefined, string]>([
  // What a product was called before still tells what it has, and a place only leaves it open.
  [KESTREL, 'WorkThings Kestrel Server (formerly WorkThings Plant Connectivity)', '7', 'affected'],
  [KESTREL, 'workthings kestrel server (plant connectivity)', '7', 'possibly-affected'],
  // More than one firmware, an open one, or an older one.
  [
    [['Vent', 'Version A, Firmware A.03.09 and A.03.10']],
    'Vent',
    'Version A, Firmware A.03.10',
    'possibly-affected',
  ],
  [
    [['Vent', 'Version A, Firmware A.03.09 through A.03.15']],
    'Vent',
    'Version A, Firmware A.03.12',
    'possibly-affected',
  ],
  [[['Vent', 'Version A, Firmware 3.x']], 'Vent', 'Version A, Firmware 3.1', 'possibly-affected'],
  [
    [['Vent', 'Article number 27, firmware 5.60, 6.30 (WBM)']],
    'Vent',
    'Article number 27, firmware 6.30',
    'possibly-affected',
  ],
  [
    [['Vent', 'Version A, Firmware A.03.09']],
    'Vent',
    'Version A, Firmware A.03.08',
    'possibly-affected',
  ],
  [
    [['Vent', 'Version A, Firmware A.03.09']],
    'Vent',
    'M.04, Firmware J.10.50',
    'possibly-affected',
  ],
  [
    [['Vent', 'Version A, Firmware A.03.09, Part #: M80']],
    'Vent',
    'Version A, Firmware A.03.10',
    'not-affected',
  ],
  // The number of a model in the place of the version.
  [[['CareBeam Monitor', '2490C']], 'CareBeam Monitor', '2490G', 'not-affected'],
  [[['CareBeam Monitor', '2490C']], 'CareBeam Monitor 2490C', '2490G', 'affected'],
  [[['CareBeam Monitor', '2490x']], 'CareBeam Monitor', '2490G', 'possibly-affected'],
  // A V before a letter convicts and does not clear.
  [[['Vent', '<= D25']], 'Vent', 'VD23', 'affected'],
  [[['Vent', '<= D25']], 'Vent', 'VD30', 'possibly-affected'],
  [[['mylives App', '< 1.7.5']], 'mylives Android', '1.7.0', 'affected'],
  [[['mylives App', '< 1.7.5']], 'mylives Apps', '1.7.0', 'affected'],
])('%j: %s %s is %s', (lines, model, version, verdict) => {
  expect(verdictsOf(lines, model, version)).toEqual([verdict])
})

test('an app is no pump of its name', () => {
  expect(verdictsOf([['mylives App', '< 1.7.5']], 'mylives PerfoPump')).toEqual([])
})
