import type { FeedDocument } from '../feed.ts'

/** A small good document of each feed, written by hand, of one day (ISO date). */
export type Sample = (day: string) => FeedDocument

function json(name: string, value: unknown): FeedDocument {
  return { name, bytes: Buffer.from(JSON.stringify(value)) }
}

function text(name: string, value: string): FeedDocument {
  return { name, bytes: Buffer.from(value) }
}

export function csafDocument(id: string, day: string, range = '< 2.0'): unknown {
  const time = `${day}T10:00:00Z`
  return {
    document: {
      category: 'csaf_security_advisory',
      csaf_version: '2.0',
      title: `Example Pump (${id})`,
      distribution: { tlp: { label: 'WHITE' } },
      publisher: { category: 'vendor', name: 'Example', namespace: 'https://example.com' },
      tracking: {
        id,
        status: 'final',
        version: '1',
        initial_release_date: time,
        current_release_date: time,
        revision_history: [{ number: '1', date: time, summary: 'First' }],
      },
      references: [{ category: 'self', summary: id, url: `https://example.com/${id}.json` }],
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
              branches: [
                {
                  category: 'product_version_range',
                  name: range,
                  product: { product_id: 'P1', name: `Example Pump ${range}` },
                },
              ],
            },
          ],
        },
      ],
    },
    vulnerabilities: [
      {
        cve: 'CVE-2026-0001',
        notes: [{ category: 'description', text: 'An example.' }],
        product_status: { known_affected: ['P1'] },
        remediations: [{ category: 'vendor_fix', details: 'Install 2.0.', product_ids: ['P1'] }],
        scores: [
          {
            products: ['P1'],
            cvss_v3: {
              version: '3.1',
              baseScore: 9.8,
              baseSeverity: 'CRITICAL',
              vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
            },
          },
        ],
      },
    ],
  }
}

const csaf: Sample = (day) => json('example-1.json', csafDocument('EXAMPLE-1', day))

const cve: Sample = (day) =>
  json('CVE-2026-0002.json', {
    dataType: 'CVE_RECORD',
    dataVersion: '5.1',
    cveMetadata: {
      cveId: 'CVE-2026-0002',
      state: 'PUBLISHED',
      datePublished: `${day}T01:00:00Z`,
      dateUpdated: `${day}T02:00:00Z`,
    },
    containers: {
      cna: {
        providerMetadata: { shortName: 'example' },
        affected: [
          {
            vendor: 'Example',
            product: 'Monitor',
            versions: [
              { version: '0', lessThan: '3.1', status: 'affected', versionType: 'custom' },
            ],
          },
        ],
        metrics: [
          {
            cvssV3_1: {
              vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
              baseScore: 9.8,
            },
          },
        ],
      },
      adp: [
        {
          providerMetadata: { shortName: 'CISA-ADP' },
          metrics: [
            {
              other: {
                type: 'ssvc',
                content: {
                  timestamp: `${day}T02:00:00Z`,
                  options: [
                    { Exploitation: 'poc' },
                    { Automatable: 'yes' },
                    { 'Technical Impact': 'total' },
                  ],
                },
              },
            },
          ],
        },
      ],
    },
  })

export function kevDocument(day: string, count = 3): unknown {
  const vulnerabilities = Array.from({ length: count }, (_, index) => ({
    cveID: `CVE-2026-${String(1000 + index)}`,
    dateAdded: day,
    dueDate: day,
    knownRansomwareCampaignUse: index === 0 ? 'Known' : 'Unknown',
  }))
  return {
    catalogVersion: day.replaceAll('-', '.'),
    dateReleased: `${day}T12:00:00.000Z`,
    count,
    vulnerabilities,
  }
}

const kev: Sample = (day) => json('known_exploited_vulnerabilities.json', kevDocument(day))

const epss: Sample = (day) =>
  text(
    'epss_scores-current.csv',
    `#model_version:v2026.03.01,score_date:${day}T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1000,0.91,0.99\nCVE-2026-1001,0.00043,0.12\n`,
  )

const nvd: Sample = (day) =>
  json('from 0', {
    resultsPerPage: 1,
    startIndex: 0,
    totalResults: 1,
    format: 'NVD_CVE',
    version: '2.0',
    timestamp: `${day}T03:00:00.000`,
    vulnerabilities: [
      {
        cve: {
          id: 'CVE-2026-0003',
          published: `${day}T01:00:00.000`,
          lastModified: `${day}T02:00:00.000`,
          vulnStatus: 'Analyzed',
          metrics: {
            cvssMetricV2: [
              {
                source: 'nvd@nist.gov',
                cvssData: { vectorString: 'AV:N/AC:L/Au:N/C:C/I:C/A:C', baseScore: 10 },
              },
            ],
          },
          configurations: [
            {
              operator: 'AND',
              nodes: [
                {
                  operator: 'OR',
                  negate: false,
                  cpeMatch: [
                    {
                      vulnerable: true,
                      criteria: 'cpe:2.3:o:example:pump_firmware:*:*:*:*:*:*:*:*',
                      versionEndExcluding: '2.0',
                    },
                  ],
                },
                {
                  operator: 'OR',
                  negate: false,
                  cpeMatch: [
                    { vulnerable: false, criteria: 'cpe:2.3:h:example:pump:-:*:*:*:*:*:*:*' },
                  ],
                },
              ],
            },
          ],
        },
      },
    ],
  })

const recalls: Sample = (day) =>
  json('enforcement page 1', {
    meta: { last_updated: day, results: { skip: 0, limit: 1, total: 1 } },
    results: [
      {
        recall_number: 'Z-0001-2026',
        event_id: '90001',
        classification: 'Class II',
        status: 'Ongoing',
        recalling_firm: 'Example Medical, Inc.',
        product_description: 'Example Pump, Model 300',
        code_info: 'Serial numbers: 100 to 200',
        reason_for_recall: 'Software below 2.0 may stop.',
        recall_initiation_date: day.replaceAll('-', ''),
      },
    ],
  })

const udi: Sample = (day) =>
  json('udi page 1', {
    meta: { last_updated: day },
    results: [
      {
        identifiers: [{ id: '00812345678906', type: 'Primary', issuing_agency: 'GS1' }],
        brand_name: 'Example® Pump',
        version_or_model_number: '300',
        catalog_number: 'EX-300',
        company_name: 'EXAMPLE MEDICAL, INC.',
        product_codes: [{ code: 'FRN', name: 'Pump, Infusion' }],
        has_serial_number: 'true',
        has_lot_or_batch_number: 'false',
      },
    ],
  })

const classification: Sample = (day) =>
  json('classification page 1', {
    meta: { last_updated: day },
    results: [
      {
        product_code: 'FRN',
        device_name: 'Pump, Infusion',
        device_class: '2',
        medical_specialty: 'HO',
        regulation_number: '880.5725',
        life_sustain_support_flag: 'Y',
        implant_flag: 'N',
      },
    ],
  })

const patches: Sample = (day) =>
  text(
    'example.csv',
    `Manufacturer,Model,From version,To version,CVEs,Validated,Reference,Minutes\nExample,Pump 300,< 2.0,2.0,CVE-2026-0001,${day},EX-2026-1,45\n`,
  )

const notices: Sample = (day) =>
  text(
    'notices.csv',
    `Regulator,Number,Manufacturer,Model,Versions,Date\nExample Authority,2026-17,Example,Pump 300,< 2.0,${day}\n`,
  )

const support: Sample = (day) =>
  text(
    'example.csv',
    `Kind;Manufacturer;Model;Version;End of support\ndevice;Example;Pump 300;vers:all/*;${day}\n`,
  )

const sbom: Sample = (day) =>
  json('pump.cdx.json', {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: 'urn:uuid:6f9e7d2a-0000-4000-8000-000000000001',
    metadata: {
      timestamp: `${day}T00:00:00Z`,
      component: {
        type: 'device',
        name: 'Pump 300',
        version: '1.9',
        supplier: { name: 'Example' },
      },
    },
    components: [
      { type: 'library', name: 'openssl', version: '1.0.2k', purl: 'pkg:generic/openssl@1.0.2k' },
    ],
  })

/** By feed id; the conformance suite demands one for each feed. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  'csaf-cisa': csaf,
  'csaf-other': csaf,
  'csaf-siemens': csaf,
  cve,
  epss,
  'fda-product-codes': classification,
  'fda-recalls': recalls,
  gudid: udi,
  kev,
  notices,
  nvd,
  patches,
  sbom,
  support,
  vulnrichment: cve,
}
