import { table } from '../table.ts'
import type { ClinicalKind } from './http-clinical.ts'

/** What is looked for in a body, by what its sender says of it; everything else is passed over. */
/** `json-start` is JSON whose start is still to be looked at. */
export type BodyKind = ClinicalKind | 'html' | 'xml' | 'json' | 'json-start' | 'form' | 'other'

export interface Finding {
  readonly field: string
  readonly value: string
}

/** Characters of a body that are kept while it comes. */
export const LONGEST_BODY = 16_384

const TITLE = /<title[^>]{0,100}>([^<]{1,300})<\/title/i
const ENTITIES = table<string>({
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
})

/** Title of a page (HTML §4.2.2). */
export function titleOf(html: string): Finding[] {
  const title = TITLE.exec(html)?.[1] ?? ''
  const value = title.replace(/&[a-z#0-9]{2,6};/gi, (entity) => ENTITIES[entity] ?? ' ')
  return value.trim() === '' ? [] : [{ field: 'http.title', value: value.replace(/\s+/g, ' ') }]
}

const UPNP_FIELDS: readonly (readonly [string, string])[] = [
  ['deviceType', 'http.upnp-device-type'],
  ['manufacturer', 'http.upnp-manufacturer'],
  ['modelName', 'http.upnp-model-name'],
  ['modelNumber', 'http.upnp-model-number'],
  ['serialNumber', 'http.upnp-serial-number'],
]

/** Fields of a UPnP device description (UPnP Device Architecture 2.0 §2.3); those of the root device come first. */
export function upnpDevice(xml: string): Finding[] {
  if (!xml.includes('urn:schemas-upnp-org:device')) return []
  return UPNP_FIELDS.flatMap(([tag, field]) => {
    const start = xml.indexOf(`<${tag}>`)
    const end = start < 0 ? -1 : xml.indexOf(`</${tag}>`, start)
    const value = end < 0 ? '' : xml.slice(start + tag.length + 2, Math.min(end, start + 300))
    return value === '' ? [] : [{ field, value }]
  })
}

const IDENTITY = table<string>({
  name: 'http.device-name',
  devicename: 'http.device-name',
  dicomaet: 'http.device-ae-title',
  version: 'http.device-version',
  softwareversion: 'http.device-version',
  firmware: 'http.device-firmware',
  firmwareversion: 'http.device-firmware',
  model: 'http.device-model',
  modelname: 'http.device-model',
  modelnumber: 'http.device-model',
  manufacturer: 'http.device-manufacturer',
  vendor: 'http.device-manufacturer',
  product: 'http.device-product',
  productname: 'http.device-product',
  serial: 'http.device-serial',
  serialnumber: 'http.device-serial',
})
/** A key that only speaks of a person: an object with one is not a device's. */
const PERSONAL =
  /"[^"]{0,40}(?:patient|birth|gender|surname|family|given|mrn|ssn|subject|resourcetype)[^"]{0,40}"\s{0,8}:/i
const TOKEN = /"((?:[^"\\]|\\.){0,300})"|-?\d[\d.eE+-]{0,30}|[{}[\]:,]|true|false|null/g
const MOST_TOKENS = 4096

/**
 * Identity keys at the top of a JSON object (RFC 8259), such as a device's own page on itself. Only keys of a list are
 * taken, never from an object that has a key which speaks of a person, and a name only beside another identity.
 */
export function jsonDevice(json: string): Finding[] {
  if (!json.trimStart().startsWith('{') || PERSONAL.test(json)) return []
  const found = new Map<string, string>()
  let depth = 0
  let key = ''
  let isValue = false
  let count = 0
  for (const [token, text] of json.matchAll(TOKEN)) {
    if (++count > MOST_TOKENS) return []
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (token === ':') isValue = true
    else if (token === ',') isValue = false
    else if (depth === 1) {
      const field = isValue ? IDENTITY[key] : undefined
      if (field !== undefined && !found.has(field)) found.set(field, text ?? token)
      if (!isValue) key = (text ?? '').replaceAll(/[_-]/g, '').toLowerCase()
    }
    if (depth <= 0) break
  }
  // Only a whole object shows that it has no key of a person.
  const isWhole = depth === 0
  if (!isWhole || (found.size === 1 && found.has('http.device-name'))) return []
  return Array.from(found, ([field, value]) => ({ field, value }))
}

const PASSWORD_KEY = /(?:^|&)[^=&]{0,40}(?:pass|passwd|password|pwd|kennwort)[^=&]{0,20}=/i

/** True when a form has a field for a password; values are not looked at. */
export function hasPassword(form: string): boolean {
  return PASSWORD_KEY.test(form)
}
