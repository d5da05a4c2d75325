import { expect, test } from 'vitest'
import { parseIdentifiers } from './openfda.ts'

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
