import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { pcap } from '../testing/captures.ts'
import { converse } from '../testing/converse.ts'
import { bytesOf, type Said, tcpFrames } from '../testing/frames.ts'
import { observe } from '../testing/observe.ts'
import {
  BROKEN_XML,
  BUNDLE,
  CONTEXT_REPORT,
  FHIR_BUNDLE,
  FHIR_DEVICE,
  FHIR_PACKED,
  FHIR_PATIENT,
  FHIR_XML,
  GET_MDIB,
  HL7_POST,
  PLAIN_BUNDLE,
  PLAIN_CHUNKED,
  PLAIN_DEVICE,
  PLAIN_OTHERS,
  PLAIN_PACKED,
  PRINTER_METADATA,
  SAMPLES,
  SDC_MDIB,
  SDC_METADATA,
  SDC_PACKED,
} from '../testing/samples/http-clinical.ts'
import { macOfEui64 } from './eui-64.ts'
import { http } from './http.ts'

const MAC = '00:09:fb:05:93:22'
const DEVICE_LINES = [
  `${MAC} fhir.device-manufacturer Examplemed`,
  `${MAC} fhir.device-model Infuso 7`,
  `${MAC} fhir.device-model-number IF-7`,
  `${MAC} fhir.device-serial SN42`,
  `${MAC} fhir.device-version 2.10`,
  `${MAC} fhir.device-udi 00888`,
  `${MAC} fhir.device-type MDC 69985`,
]
const METADATA_LINES = [
  'manufacturer Examplemed',
  'model Vitalis & Co',
  'model-number V5',
  'friendly-name Bed side',
  'firmware 3.2',
  'serial SN5',
]

/** What is told beyond the facts of HTTP itself, whole and in pieces. */
function told(...said: readonly Said[]): string[] {
  const linesOf = (piece: number) =>
    converse(http, said, {}, piece).lines.filter((line) => !line.includes(' http.'))
  const lines = linesOf(Infinity)
  expect(linesOf(53)).toEqual(lines)
  return lines
}

test('devices and metrics of a FHIR bundle are read, other resources are not', () => {
  const expected = [
    'server fhir.transport cleartext',
    ...DEVICE_LINES,
    'server fhir.device Examplemed / Infuso 7 / SN42',
    'server fhir.metric MDC 150456',
    'server fhir.metric-status on',
    'server fhir.metric-calibration calibration-required',
  ]
  expect(told(['server', FHIR_BUNDLE])).toEqual(expected)
  expect(told(['server', FHIR_PACKED])).toEqual(expected)
  expect(told(['client', FHIR_DEVICE])).toEqual([
    'server fhir.transport cleartext',
    ...DEVICE_LINES,
    'client fhir.device Examplemed / Infuso 7 / SN42',
  ])
  expect(told(['server', FHIR_PATIENT])).toEqual(['server fhir.transport cleartext'])
})

test('FHIR in XML is read alike, and only when its tags fit together', () => {
  expect(told(['server', FHIR_XML])).toEqual(told(['server', FHIR_BUNDLE]))
  const pump = '<Device><serialNumber value="SN&amp;1"/></Device>'
  const answer = FHIR_XML.slice(0, FHIR_XML.indexOf('<')).replace(/(?<=h: )\d+/, `${pump.length}`)
  expect(told(['server', answer + pump])).toContain('server fhir.device-serial SN&1')
  for (const broken of BROKEN_XML) {
    expect(told(['server', broken])).toEqual(['server fhir.transport cleartext'])
  }
})

test('FHIR is known in plain JSON, which is read alike; of other JSON nothing is told', () => {
  const expected = told(['server', FHIR_BUNDLE])
  expect(expected.length).toBeGreaterThan(10)
  expect(told(['server', PLAIN_BUNDLE])).toEqual(expected)
  expect(told(['server', PLAIN_PACKED])).toEqual(expected)
  expect(told(['server', PLAIN_CHUNKED])).toEqual(expected)
  const small = gzipSync(JSON.stringify(BUNDLE))
  const head = PLAIN_PACKED.slice(0, PLAIN_PACKED.indexOf('\r\n\r\n') + 4)
  const packed = bytesOf(head.replace(/(?<=h: )\d+/, `${small.length}`), small)
  expect(told(['server', packed])).toEqual(expected)
  expect(told(['client', PLAIN_DEVICE])).toEqual(told(['client', FHIR_DEVICE]))
  for (const other of PLAIN_OTHERS) expect(told(['server', other])).toEqual([])
  const [flow] = observe(pcap(tcpFrames({}, [['server', PLAIN_BUNDLE]])))
  expect(flow).toMatchObject({ protocol: 'fhir', also: ['http'] })
})

test('of long JSON that is no FHIR the rest is passed over, and the next message is seen', () => {
  const body = `{"values":"${'x'.repeat(200_000)}","resourceType":"Device","serialNumber":"PLANTED"}`
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  const pieces = (head + body).match(/[^]{1,1400}/g) ?? []
  const said: Said[] = pieces.map((piece): Said => ['server', piece])
  const [flow] = observe(pcap(tcpFrames({}, [...said, ['server', SDC_METADATA]])))
  expect(flow?.values.get('sdc.serial')).toEqual(['SN5'])
  expect([...(flow?.values.keys() ?? [])].join()).not.toContain('fhir')
})

test('a long body counts as one message, so that later ones are still seen', () => {
  const padded = FHIR_BUNDLE.replace(/Content-Length: \d+/, '').replace(
    '"entry"',
    '"x":"P","entry"',
  )
  const body = padded.slice(padded.indexOf('{')).replace('"P"', `"${'x'.repeat(60_000)}"`)
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: ${body.length}\r\n\r\n`
  const pieces = (head + body).match(/[^]{1,400}/g) ?? []
  const said: Said[] = pieces.map((piece): Said => ['server', piece])
  const [flow] = observe(pcap(tcpFrames({}, [...said, ['server', SDC_METADATA]])))
  expect(flow?.values.get('fhir.device-serial')).toEqual(['SN42'])
  expect(flow?.values.get('sdc.serial')).toEqual(['SN5'])
})

test('HL7 over HTTP is read as over MLLP', () => {
  const lines = told(['client', HL7_POST])
  expect(lines).toContain('client hl7.message ORU^R01')
  expect(lines).toContain(`${MAC} hl7.equipment-model Vitalis 5`)
})

test('metadata of a medical device are read, those of another by another name', () => {
  const expected = METADATA_LINES.map((line) => `server sdc.${line}`)
  for (const message of [SDC_METADATA, SDC_PACKED]) {
    expect(told(['server', message])).toEqual(['server sdc.transport cleartext', ...expected])
  }
  expect(told(['server', PRINTER_METADATA])).toEqual(
    METADATA_LINES.map((line) => `server dpws.${line}`),
  )
})

test('of an MDIB the metadata are read, of contexts nothing', () => {
  expect(told(['client', GET_MDIB], ['server', SDC_MDIB])).toEqual([
    'server sdc.transport cleartext',
    'server sdc.transport cleartext',
    'server sdc.manufacturer Examplemed',
    'server sdc.model Vitalis 5',
    'server sdc.serial SN5',
    'server sdc.udi 00777',
  ])
  expect(told(['client', CONTEXT_REPORT])).toEqual(['server sdc.transport cleartext'])
})

test('a flow is named by the application inside', () => {
  for (const [message, name] of [
    [FHIR_BUNDLE, 'fhir'],
    [SDC_METADATA, 'sdc'],
    [HL7_POST, 'hl7'],
    [PRINTER_METADATA, 'http'],
  ] as const) {
    const from = message.startsWith('HTTP') ? 'server' : 'client'
    const [flow] = observe(pcap(tcpFrames({}, [[from, message]])))
    expect(flow).toMatchObject({ protocol: name, also: name === 'http' ? [] : ['http'] })
  }
})

test('no planted patient reaches a fact, wherever a body is cut or damaged', () => {
  for (const { bytes, from } of SAMPLES) {
    for (let at = 0; at < bytes.length; at += 3) {
      const broken = bytes.slice()
      broken[at] = 0x7c
      const said: Said[] = [
        [from, broken],
        [from, bytes.subarray(at)],
      ]
      for (const one of said) {
        expect(converse(http, [one]).lines.join('\n')).not.toMatch(/PLANTED|JANE/)
      }
    }
  }
})

test.each([
  ['0009FBFFFF059322', MAC],
  ['00-09-fb-ff-fe-05-93-22', MAC],
  ['0109FBFFFE059322', undefined],
  ['0009FB0000059322', undefined],
  ['SN 42', undefined],
])('the MAC of %s', (text, mac) => {
  expect(macOfEui64(text)).toBe(mac)
})

const GENUINE = new URL(
  '../../../../../shared/captures/genuine/sdc11073-tutorial.pcap',
  import.meta.url,
)
const isAbsent = !existsSync(GENUINE)
test.skipIf(isAbsent)(
  `the genuine SDC device is known by its metadata${isAbsent ? ' (skipped: no such capture here)' : ''}`,
  () => {
    const flows = observe(readFileSync(GENUINE)).filter(({ protocol }) => protocol === 'sdc')
    expect(flows.map(({ also }) => also)).toEqual([['http'], ['http']])
    const values = new Map(flows.flatMap((flow) => [...flow.values]))
    expect(values.get('sdc.manufacturer')).toEqual(['Draeger'])
    expect(values.get('sdc.model')).toEqual(['TestDevice'])
    expect(values.get('sdc.serial')).toEqual(['12345'])
    expect(values.get('sdc.firmware')).toEqual(['Version1'])
  },
)
