import type { AffectedProduct } from './facts.ts'

/**
 * Devices sold under another name, as regulators say. FDA safety communication of 2025-01-30: the Epsimed MN-120
 * is a relabelled Contec CMS8000.
 */
const RELABELLED = [{ vendor: 'Contec Health', product: /^CMS8000/, as: 'Epsimed', name: 'MN-120' }]

/** The product, and what else it is sold as. */
export function withRelabelled(product: AffectedProduct): readonly AffectedProduct[] {
  const sold = RELABELLED.filter(
    (one) => one.vendor === product.vendor && one.product.test(product.product),
  )
  return [product, ...sold.map(({ as, name }) => ({ ...product, vendor: as, product: name }))]
}
