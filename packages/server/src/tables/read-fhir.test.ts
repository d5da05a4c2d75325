import { expect, test } from 'vitest'
import { readFhir } from './read-fhir.ts'

const cellsOf = (text: string) => {
  const { headers, rows } = readFhir(text)
  return rows.map((row) =>
    Object.fromEntries(headers.flatMap((name, at) => (row[at] === '' ? [] : [[name, row[at]]]))),
  )
}

const R4 = {
  resourceType: 'Device',
  id: 'home-7',
  identifier: [
    { type: { text: 'Asset tag' }, value: 'BME-7' },
    { type: { coding: [{ code: 'SNO' }] }, value: 'SN-OTHER' },
    { system: 'urn:oid:1.2.840.10004.1.1.1.0.0.1.0.0.1.2680', value: '02-00-00-00-00-07' },
  ],
  udiCarrier: [{ deviceIdentifier: '00884838000001', carrierHRF: '(01)00884838000001(21)S7' }],
  status: 'active',
  manufacturer: 'Philips',
  serialNumber: 'S7',
  lotNumber: 'L1',
  partNumber: 'P-44',
  deviceName: [
    { name: 'Grandma PLANTED', type: 'patient-reported-name' },
    { name: 'SimplyGo', type: 'user-friendly-name' },
    { name: 'SimplyGo 1068987', type: 'model-name' },
  ],
  type: { coding: [{ code: '12636', display: 'Oxygen concentrator' }] },
  version: [{ type: { text: 'firmware' }, value: '1.2' }],
  patient: { reference: 'Patient/PLANTED', display: 'PLANTED' },
  note: [{ text: 'PLANTED' }],
  location: { display: 'Ward 3' },
  owner: { display: 'Home monitoring' },
}

test('a device of R4 gives what identifies equipment, and nothing of who uses it', () => {
  const bundle = { resourceType: 'Bundle', entry: [{ resource: R4 }, { resource: {} }] }
  const [one] = cellsOf(JSON.stringify(bundle))
  expect(one).toEqual({
    id: 'home-7',
    tag: 'BME-7',
    serial: 'S7',
    udi: '(01)00884838000001(21)S7',
    di: '00884838000001',
    lot: 'L1',
    catalogue: 'P-44',
    manufacturer: 'Philips',
    model: 'SimplyGo 1068987',
    description: 'SimplyGo',
    type: 'Oxygen concentrator',
    firmware: '1.2',
    mac: '02-00-00-00-00-07',
    room: 'Ward 3',
    owner: 'Home monitoring',
    status: 'active',
  })
})

test('devices of R5 in lines, whose names and types are told otherwise', () => {
  const five = (serialNumber: string) => ({
    resourceType: 'Device',
    serialNumber,
    modelNumber: 'MX450',
    displayName: 'Bedside monitor',
    name: [
      { value: 'IntelliVue', type: 'registered-name', display: true },
      { value: 'PLANTED', type: 'patient-reported-name' },
    ],
    type: [{ text: 'Patient monitor' }],
    version: [
      { type: { text: 'hardware' }, value: 'A' },
      { type: { text: 'Software' }, value: 'N.01' },
    ],
  })
  const text = `${JSON.stringify(five('A1'))}\n\n${JSON.stringify(five('A2'))}\r\n`
  const read = cellsOf(text)
  expect(read).toHaveLength(2)
  expect(read[1]).toEqual({
    serial: 'A2',
    model: 'MX450',
    description: 'Bedside monitor',
    type: 'Patient monitor',
    firmware: 'N.01',
  })
  expect(JSON.stringify(read)).not.toContain('PLANTED')
})

test('one that has fields of the wrong kind gives the others', () => {
  const [one] = cellsOf(JSON.stringify({ ...R4, manufacturer: { text: 'x' }, deviceName: 'Pump' }))
  expect(one).toMatchObject({ serial: 'S7', type: 'Oxygen concentrator' })
  expect(one).not.toHaveProperty('manufacturer')
})

test.each([
  ['resources without a device', '{"resourceType":"Bundle","entry":[]}', /no FHIR Device/],
  [
    'a line that is cut',
    '{"resourceType":"Device","id":"1"}\n{"resourceType"',
    /Line 2 is no JSON/,
  ],
])('%s are refused with what to do', (_what, text, message) => {
  expect(() => readFhir(text)).toThrow(message)
})
