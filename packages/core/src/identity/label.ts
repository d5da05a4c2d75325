import type { Claim } from '../vocabulary.ts'

/** Sources of names, the most telling for a person first. */
const SOURCES = 'snmp dhcp smb nbns mdns dicom lldp cdp dns bacnet http rdp ae-title llmnr'.split(
  ' ',
)

/** The short label by which people know an asset: maker and model, else a name, else maker and type, else an address. */
export function labelOf(
  claims: readonly Pick<Claim, 'attribute' | 'value'>[],
  names: Readonly<Record<string, string>>,
  ips: readonly string[],
  macs: readonly string[],
): string {
  const claimed = (attribute: Claim['attribute']) =>
    claims.find((claim) => claim.attribute === attribute)?.value
  const [maker, model, type] = [claimed('manufacturer'), claimed('model'), claimed('type')]
  if (model !== undefined) return startsWithMaker(model, maker) ? model : `${maker} ${model}`
  const source = SOURCES.find((each) => names[each] !== undefined)
  const name = names[source ?? ''] ?? Object.values(names)[0]
  if (name !== undefined) return name
  const words = [maker, type?.replaceAll('-', ' ')].filter((word) => word !== undefined)
  if (words.length > 0) return words.join(' ')
  return macs[0] ?? ips[0] ?? 'unknown device'
}

function startsWithMaker(model: string, maker: string | undefined): boolean {
  return maker === undefined || model.toLowerCase().startsWith(maker.toLowerCase())
}
