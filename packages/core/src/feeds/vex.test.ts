import { expect, test } from 'vitest'
import { parseCycloneVex, parseOpenVex } from './vex.ts'

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
