import type { Fact, FactSubject, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { macOfEui64 } from './eui-64.ts'
import { fhirOfXml } from './fhir-xml.ts'

type Json = Readonly<Record<string, unknown>>

const MOST_RESOURCES = 100
const METRIC_STATES = ['on', 'off', 'standby', 'entered-in-error']
const CALIBRATION_STATES = ['not-calibrated', 'calibration-required', 'calibrated', 'unspecified']
const MDC = 'urn:iso:std:iso:11073:10101'
const SNOMED = 'http://snomed.info/sct'

/**
 * Devices in a FHIR message (R4 and R5, Device and DeviceMetric): a resource, or the entries of a Bundle. No other kind
 * of resource is looked into, and of a device nothing that refers to a person.
 */
export function* fhirFacts(text: string, from: Side): Generator<Fact> {
  const message = text.trimStart().startsWith('<') ? fhirOfXml(text) : parsed(text)
  if (message === undefined) return
  for (const resource of resourcesOf(message)) {
    if (resource['resourceType'] === 'Device') yield* deviceFacts(resource, from)
    if (resource['resourceType'] === 'DeviceMetric') yield* metricFacts(resource, from)
  }
}

/** True for a message of FHIR that may hold devices. */
export function isFhir(text: string): boolean {
  const kind = parsed(text)?.['resourceType']
  return kind === 'Bundle' || kind === 'Device' || kind === 'DeviceMetric'
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function resourcesOf(message: Json): readonly Json[] {
  if (message['resourceType'] !== 'Bundle') return [message]
  return listOf(message['entry'])
    .map((entry) => entry['resource'])
    .filter(isObject)
}

function* deviceFacts(device: Json, from: Side): Generator<Fact> {
  const mac = listOf(device['identifier'])
    .map(({ value }) => macOfEui64(stringOf(value)))
    .find((found) => found !== undefined)
  const subject: FactSubject = mac === undefined ? from : { mac }
  // R4 has deviceName with name, R5 name with value; names that a patient gave are not read.
  const model = [...listOf(device['deviceName']), ...listOf(device['name'])].find(
    ({ type }) => type === 'model-name',
  )
  const modelName = model && (stringOf(model['name']) || stringOf(model['value']))
  const [manufacturer, number, serial] = ['manufacturer', 'modelNumber', 'serialNumber'].map(
    (key) => stringOf(device[key]),
  )
  yield* factOf(subject, 'fhir.device-manufacturer', manufacturer)
  yield* factOf(subject, 'fhir.device-model', modelName ?? number)
  if (modelName !== undefined) yield* factOf(subject, 'fhir.device-model-number', number)
  yield* factOf(subject, 'fhir.device-serial', serial)
  for (const { value } of listOf(device['version']).slice(0, 8)) {
    yield* factOf(subject, 'fhir.device-version', stringOf(value))
  }
  const [carrier] = listOf(device['udiCarrier'])
  yield* factOf(subject, 'fhir.device-udi', stringOf(carrier?.['deviceIdentifier']))
  yield* factOf(subject, 'fhir.device-type', codeOf(device['type']))
  const whole = [manufacturer, modelName ?? number, serial].filter((part) => part !== '')
  yield* factOf(from, 'fhir.device', whole.join(' / '))
}

function* metricFacts(metric: Json, from: Side): Generator<Fact> {
  yield* factOf(from, 'fhir.metric', codeOf(metric['type']))
  const state = stringOf(metric['operationalStatus'])
  if (METRIC_STATES.includes(state)) yield* factOf(from, 'fhir.metric-status', state)
  for (const calibration of listOf(metric['calibration']).slice(0, 4)) {
    const word = stringOf(calibration['state'])
    if (CALIBRATION_STATES.includes(word)) yield* factOf(from, 'fhir.metric-calibration', word)
  }
}

/** Code of a concept in a nomenclature of devices: `MDC 69965`, `SNOMED 19257004`; no free text. */
function codeOf(concept: unknown): string | undefined {
  const [first] = Array.isArray(concept) ? listOf(concept) : isObject(concept) ? [concept] : []
  for (const { system, code } of listOf(first?.['coding'])) {
    const text = stringOf(code)
    if (!/^[\w.-]{1,40}$/.test(text)) continue
    if (system === MDC) return `MDC ${text}`
    if (system === SNOMED) return `SNOMED ${text}`
  }
  return undefined
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.slice(0, MOST_RESOURCES).filter(isObject) : []
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
