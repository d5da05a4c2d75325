import type { Device, SbomComponent } from '../vocabulary.ts'
import { ByModel } from './by-model.ts'
import { parseCpe, productKeys } from './cpe.ts'
import { productAt, type CpeColumns } from './cpe-columns.ts'
import type { MakerNames } from './maker.ts'
import { makerKeys, makerWords } from './maker.ts'

/** What device or part is looked for, and in which version. */
export interface SoughtCpe {
  readonly names: ReadonlySet<number>
  readonly version: string | undefined
  readonly isPart: boolean
}

/** Finds the names of a maker's product. */
export type FindNames = (manufacturer: string, model: string) => ReadonlySet<number>

/** What a maker has is read when it is first asked for. The same maker and model are answered with the same set. */
export function findByMaker(
  { vendors, names, vendorOf }: Pick<CpeColumns, 'vendors' | 'names' | 'vendorOf'>,
  makers: MakerNames | undefined,
): FindNames {
  const namesOf: number[][] = vendors.map(() => [])
  vendorOf.forEach((vendor, name) => namesOf[vendor]?.push(name))
  const vendorsByMaker = new Map<string, number[]>()
  for (const [id, vendor] of vendors.entries()) {
    for (const key of makerKeys(vendor.replaceAll('_', ' '), makers)) put(vendorsByMaker, key, id)
  }
  const shelves = new Map<string, ReadonlyMap<string, readonly number[]>>()
  const shelfOf = (key: string) => {
    const known = shelves.get(key)
    if (known !== undefined) return known
    const shelf = new Map<string, number[]>()
    for (const vendor of vendorsByMaker.get(key) ?? []) {
      const words = makerWords([(vendors[vendor] ?? '').replaceAll('_', ' ')], makers)
      for (const id of namesOf[vendor] ?? []) {
        for (const own of productKeys(productAt(names, id), words)) put(shelf, own, id)
      }
    }
    shelves.set(key, shelf)
    return shelf
  }
  const remembered = new ByModel<ReadonlySet<number>>()
  return (manufacturer, model) => {
    const known = remembered.get(manufacturer, model)
    if (known !== undefined) return known
    const keys = productKeys(model, makerWords([manufacturer], makers))
    const found = new Set(
      makerKeys(manufacturer, makers).flatMap((maker) => {
        const shelf = shelfOf(maker)
        return keys.flatMap((own) => shelf.get(own) ?? [])
      }),
    )
    remembered.set(manufacturer, model, found)
    return found
  }
}

function put<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [item])
  else list.push(item)
}

export function soughtOf(device: Device, find: FindNames): readonly SoughtCpe[] {
  const { manufacturer, model, version, parts = [] } = device
  const whole = { names: find(manufacturer, model), version, isPart: false }
  return [whole, ...parts.map((part) => soughtPart(part, find))].filter(
    ({ names }) => names.size > 0,
  )
}

/** A part is known by its CPE name, or by supplier and name; never by its name alone. */
function soughtPart(part: SbomComponent, find: FindNames): SoughtCpe {
  const cpe = part.cpe === undefined ? undefined : parseCpe(part.cpe)
  const supplier = cpe?.vendor.replaceAll('_', ' ') ?? part.supplier ?? supplierIn(part.purl)
  const name = cpe?.product ?? part.name
  const version =
    part.version ?? (cpe !== undefined && /\d/.test(cpe.version) ? cpe.version : undefined)
  const names = supplier === undefined ? new Set<number>() : find(supplier, name)
  return { names, version, isPart: true }
}

/** `pkg:maven/org.apache.tomcat/tomcat@9.0.37`: the namespace ends in or before the supplier. */
function supplierIn(purl: string | undefined): string | undefined {
  const namespace = /^pkg:[\w.+-]+\/([^/@]+)\/[^/@]+/.exec(purl ?? '')?.[1]
  return namespace?.replace(/^(?:org|com|net|io|de)\./, '').split('.')[0]
}
