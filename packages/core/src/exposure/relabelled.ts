import type { AffectedProduct } from './facts.ts'

/**
 * Products that are or were sold under another name. FDA safety communication of 2025-01-30: the Epsimed MN-120 is a
 * relabelled Contec CMS8000. Carestream's Vue went to Philips in 2019, CareFusion's respiratory line to Vyaire in 2016:
 * labels keep the old name. LIFEPAK came from Medtronic's emergency branch, which was Physio-Control before and
 * since 2012; GemStar went from Abbott to Hospira in 2004, Bayer's blood gas analysers to Siemens in 2007.
 */
const RELABELLED: readonly Relabelled[] = [
  { vendor: /^Contec Health$/, product: /^CMS8000/, as: 'Epsimed', name: 'MN-120' },
  { vendor: /^Philips$/, product: /^Vue (?:PACS|Motion|MyVue|Speech)/, as: 'Carestream' },
  { vendor: /^Vyaire Medical$/, product: /^CareFusion\b/, as: 'CareFusion' },
  { vendor: /^Medtronic Emergency/, product: /^LIFEPAK\b/i, as: 'Physio-Control' },
  { vendor: /^Abbott\b/, product: /^GemStar\b/i, as: 'Hospira' },
  { vendor: /^Bayer\b/, product: /\bRapid(?:point|lab)\b/i, as: 'Siemens Healthineers' },
]

interface Relabelled {
  readonly vendor: RegExp
  readonly product: RegExp
  readonly as: string
  /** The product's own name where it is left out. */
  readonly name?: string
}

/** The product, and what else it is sold as. */
export function withRelabelled(product: AffectedProduct): readonly AffectedProduct[] {
  const sold = RELABELLED.filter(
    (one) => one.vendor.test(product.vendor) && one.product.test(product.product),
  )
  return [
    product,
    ...sold.map(({ as, name }) => ({ ...product, vendor: as, product: name ?? product.product })),
  ]
}

/**
 * Makers under whose name a product is or was sold as well. With GemStar the LifeCare and Plum pumps went from Abbott to
 * Hospira; Alaris was a maker before it was a brand; Nicolet was Viasys',
 * then CareFusion's, and Natus' since 2012. Innokas makes the VC150 that GE sells, Mortara the ELI that McKesson sells,
 * Agfa the digitizers of GE's Centricity CR and Pathspeed; the OPTI analysers were Roche's until 2003.
 */
const SOLD_AS: readonly (readonly [vendor: RegExp, product: RegExp, as: string])[] = [
  [/^Hospira\b/, /^(?:LifeCare|Plum A\+)/i, 'Abbott'],
  [/^Becton\b/, /\bAlaris\b/, 'Alaris'],
  // By half their name, that another maker has too.
  [/^B\. Braun\b/, /./, 'Braun'],
  [/^Fresenius Kabi\b/, /./, 'Fresenius'],
  [/^Natus\b/, /^Nicolet/, 'CareFusion'],
  [/^Natus\b/, /^Nicolet/, 'Viasys'],
  [/^Innokas\b/, /^VC150/, 'GE HealthCare'],
  [/^(?:Welch Allyn|Hillrom)\b/, /\bELI (?:150c|250c|280)/, 'McKesson'],
  [/^AGFA\b/i, /Centricity|Path ?Speed/i, 'GE HealthCare'],
  [/^Carestream\b/, /^(?:Vue|RIS)\b/, 'Philips'],
  [/^Osmetech\b/, /\bOPTI/, 'Roche'],
]

/** Other makers whose name may stand on the product. */
export function soldAs({ vendor, product, also = [] }: AffectedProduct): readonly string[] {
  const names = [product, ...also]
  return SOLD_AS.filter(
    ([one, other]) => one.test(vendor) && names.some((name) => other.test(name)),
  ).map(([, , as]) => as)
}
