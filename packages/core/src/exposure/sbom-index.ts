import type { Advisory, Device, Sbom, SbomComponent } from '../vocabulary.ts'
import { indexAdvisories } from './advisory-index.ts'
import type { MakerNames } from './maker.ts'
import { match } from './match.ts'

export interface SbomIndex {
  /** What is inside a device, as the bills of materials of its maker, model and version say. */
  partsOf(device: Device): readonly SbomComponent[]
}

/** Reads bills of materials once, so that any number of devices can be held against them. */
export function indexSboms(sboms: readonly Sbom[], makers?: MakerNames): SbomIndex {
  const byId = new Map(sboms.map((one) => [one.id, one]))
  const index = indexAdvisories(sboms.map(asAdvisory), makers)
  return {
    partsOf: (device) =>
      match(device, index)
        .filter(({ verdict }) => verdict === 'affected')
        .flatMap(({ advisoryId }) => byId.get(advisoryId)?.components ?? []),
  }
}

function asAdvisory({ id, source, published, manufacturer, model, range }: Sbom): Advisory {
  const product = { pid: id, vendor: manufacturer, product: model, range, cves: [] }
  const rest = { revision: '1', updated: published, vulnerabilities: [], remedies: [], link: '' }
  return { id, kind: 'csaf', source, published, products: [product], ...rest }
}
