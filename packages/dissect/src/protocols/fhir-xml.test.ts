import { expect, test } from 'vitest'
import { fhirOfXml } from './fhir-xml.ts'

const device = (inside: string) => `<Device xmlns="http://hl7.org/fhir">${inside}</Device>`
const SERIAL = '<serialNumber value="SN-7"/>'

test('a resource in XML is the one in JSON', () => {
  expect(fhirOfXml(device(SERIAL))).toMatchObject({ resourceType: 'Device', serialNumber: 'SN-7' })
})

test('of names without end a few are kept', () => {
  const others = (count: number) => Array.from({ length: count }, (_, at) => `<n${at}/>`).join('')
  expect(fhirOfXml(device(others(63) + SERIAL))).toMatchObject({ serialNumber: 'SN-7' })
  const many = fhirOfXml(device(others(7000) + SERIAL))
  expect(many).not.toHaveProperty('serialNumber')
  // With the kind of the resource.
  expect(Object.keys(many ?? {})).toHaveLength(65)
})

test('a name that every object has is one like any other', () => {
  const read = fhirOfXml(device(`<constructor value="x"/>${SERIAL}`))
  expect(Object.entries(read ?? {})).toContainEqual(['constructor', 'x'])
})
