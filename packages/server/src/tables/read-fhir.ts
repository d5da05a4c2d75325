import { z } from 'zod'
import { tableOf, UnusableTable, type TableFile } from './table-file.ts'

const text = z.string().optional().catch(undefined)
const concept = z
  .object({
    text,
    coding: z
      .array(z.object({ display: text, code: text }))
      .optional()
      .catch(undefined),
  })
  .optional()
  .catch(undefined)

/**
 * Device of FHIR R4 and R5, the parts that are about equipment. `patient` is not among them, and nothing of it is
 * read; R5 keeps who uses a device in a resource of its own.
 */
const device = z.object({
  resourceType: z.literal('Device'),
  id: text,
  identifier: z
    .array(z.object({ system: text, value: text, type: concept }))
    .optional()
    .catch(undefined),
  udiCarrier: z
    .array(z.object({ deviceIdentifier: text, carrierHRF: text }))
    .optional()
    .catch(undefined),
  status: text,
  manufacturer: text,
  modelNumber: text,
  partNumber: text,
  serialNumber: text,
  lotNumber: text,
  deviceName: z
    .array(z.object({ name: text, type: text }))
    .optional()
    .catch(undefined),
  name: z
    .array(z.object({ value: text, type: text }))
    .optional()
    .catch(undefined),
  displayName: text,
  type: z
    .union([z.array(concept), concept])
    .optional()
    .catch(undefined),
  version: z
    .array(z.object({ value: text, type: concept }))
    .optional()
    .catch(undefined),
  location: z.object({ display: text }).optional().catch(undefined),
  owner: z.object({ display: text }).optional().catch(undefined),
})
type FhirDevice = z.infer<typeof device>

const COLUMNS: Readonly<Record<string, (one: FhirDevice) => string | undefined>> = {
  id: ({ id }) => id,
  tag: ({ identifier }) =>
    identifier?.find(({ type }) => /asset|tag|inventory/i.test(wordsOf(type)))?.value,
  serial: ({ serialNumber, identifier }) =>
    serialNumber ?? identifier?.find(({ type }) => /serial|\bSNO\b/i.test(wordsOf(type)))?.value,
  udi: ({ udiCarrier }) =>
    udiCarrier?.find(({ carrierHRF }) => carrierHRF !== undefined)?.carrierHRF,
  di: ({ udiCarrier }) => udiCarrier?.[0]?.deviceIdentifier,
  lot: ({ lotNumber }) => lotNumber,
  catalogue: ({ partNumber }) => partNumber,
  manufacturer: ({ manufacturer }) => manufacturer,
  model: ({ modelNumber, deviceName, name }) => modelNumber ?? nameOf(deviceName, name, /model/),
  description: ({ deviceName, name, displayName, type }) =>
    displayName ??
    nameOf(deviceName, name, /user|udi|manufacturer|registered|other/) ??
    wordsOf(Array.isArray(type) ? type[0] : type),
  type: ({ type }) => wordsOf(Array.isArray(type) ? type[0] : type),
  firmware: ({ version }) =>
    (version?.find(({ type }) => /firm|soft/i.test(wordsOf(type))) ?? version?.[0])?.value,
  mac: ({ identifier }) =>
    identifier?.find(({ system, type }) =>
      /\bmac\b|1\.2\.840\.10004\.1\.1\.1\.0\.0\.1\.0\.0\.1\.2680|eui-?48/i.test(
        `${system} ${wordsOf(type)}`,
      ),
    )?.value,
  room: ({ location }) => location?.display,
  owner: ({ owner }) => owner?.display,
  status: ({ status }) => status,
}

function wordsOf(one: z.infer<typeof concept>): string {
  return (
    one?.text ??
    one?.coding?.find(({ display }) => display !== undefined)?.display ??
    one?.coding?.[0]?.code ??
    ''
  )
}

function nameOf(
  r4: FhirDevice['deviceName'],
  r5: FhirDevice['name'],
  kind: RegExp,
): string | undefined {
  return (
    r4?.find(({ type }) => kind.test(type ?? ''))?.name ??
    r5?.find(({ type }) => kind.test(type ?? ''))?.value
  )
}

/** Reads a Bundle, one Device, a list of them, or NDJSON; other resources are passed over and counted. */
export function readFhir(content: string): TableFile {
  const resources = readResources(content)
  const devices = resources.flatMap((resource) => {
    const read = device.safeParse(resource)
    return read.success ? [read.data] : []
  })
  if (devices.length === 0)
    throw new UnusableTable(
      'There is no FHIR Device in it: send a Bundle or NDJSON of Device resources (R4 or R5).',
    )
  const others = resources.length - devices.length
  const lines = devices.map((one) => Object.values(COLUMNS).map((read) => read(one) ?? ''))
  return tableOf(
    'fhir',
    [Object.keys(COLUMNS), ...lines],
    [
      `FHIR: ${devices.length} Device resources${others > 0 ? `; ${others} others passed over` : ''}.`,
    ],
  )
}

function readResources(content: string): unknown[] {
  const whole = parseJson(content)
  if (whole === undefined) {
    const lines = content.split(/\r?\n/).filter((line) => line.trim() !== '')
    return lines.map((line, at) => {
      const value = parseJson(line)
      if (value === undefined)
        throw new UnusableTable(
          `Line ${at + 1} is no JSON: send NDJSON with one resource on each line.`,
        )
      return value
    })
  }
  if (Array.isArray(whole)) return whole
  const bundle = z
    .object({
      resourceType: z.literal('Bundle'),
      entry: z.array(z.object({ resource: z.unknown() })).default([]),
    })
    .safeParse(whole)
  return bundle.success ? bundle.data.entry.map(({ resource }) => resource) : [whole]
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content) as unknown
  } catch {
    return undefined
  }
}
