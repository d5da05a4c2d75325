import type { Claim } from '../vocabulary.ts'

/** Sources of names, the most telling for a person first. */
const SOURCES = 'snmp dhcp smb nbns mdns dicom lldp cdp dns bacnet http rdp ae-title llmnr'.split(
  ' ',
)
/** Words of types that people write in capitals. */
const CAPITALS = new Set('ct dicom ecg hl7 ip iv mqtt mr mri nas ot pacs plc ris ups'.split(' '))
const LONGEST_MARK = 40

/**
 * The short label by which people know an asset. Maker and model first, and in brackets what tells it from its
 * twins: its serial number, else a name, else an address. Without a model a name, else maker and type.
 */
export function labelOf(
  claims: readonly Pick<Claim, 'attribute' | 'value'>[],
  names: Readonly<Record<string, string>>,
  ips: readonly string[],
  macs: readonly string[],
): string {
  const claimed = (attribute: Claim['attribute']) =>
    claims.find((claim) => claim.attribute === attribute)?.value
  const [maker, model, type] = [claimed('manufacturer'), claimed('model'), claimed('type')]
  const source = SOURCES.find((each) => names[each] !== undefined)
  const name = names[source ?? ''] ?? Object.values(names)[0]
  const marks = [claimed('serial'), name, ips[0]]
  if (model !== undefined) {
    return withMark(productOf(maker, model), marks)
  }
  if (name !== undefined) return name
  const words = [maker, type && wordsOf(type)].filter((word) => word !== undefined)
  if (words.length > 0) return withMark(words.join(' '), marks)
  return macs[0] ?? ips[0] ?? 'unknown device'
}

/** Maker and model; the model alone where it begins with its maker. */
export function productOf(maker: string | undefined, model: string): string {
  const isNamed = maker === undefined || model.toLowerCase().startsWith(maker.toLowerCase())
  return isNamed ? model : `${maker} ${model}`
}

/** A mark that says no more than the words before it is none. */
function withMark(what: string, marks: readonly (string | undefined)[]): string {
  const mark = marks.find(
    (each) =>
      each !== undefined &&
      each.length <= LONGEST_MARK &&
      !what.toLowerCase().includes(each.toLowerCase()),
  )
  return mark === undefined ? what : `${what} (${mark})`
}

/** A type as people write it: `hl7-engine` is HL7 engine. */
export function wordsOf(type: string): string {
  const words = type.split('-')
  return words.map((word) => (CAPITALS.has(word) ? word.toUpperCase() : word)).join(' ')
}
