import type { Candidate } from './advisory-index.ts'
import { baseOf, countAsides, likenessOf, metWords } from './likeness.ts'
import { isModelNumber, isTelling, wordsOf } from './words.ts'
import type { Likeness, ModelWords } from './likeness.ts'
import type { ProductName } from './product-name.ts'

/** Leaves of what an advisory lists only the products that the device's name is nearest to. */
export function narrow(
  model: ModelWords,
  maker: ReadonlySet<string>,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  if (candidates.length < 2) return candidates
  const worded = withoutOtherWordings(model, candidates)
  const named = withoutOtherVariants(model, withoutVagueSisters(model, maker, worded))
  const own = withoutPlainerSisters(model, maker, withoutLesserSisters(model, maker, named))
  return withoutOtherKits(model, maker, own)
}

/**
 * Where only one line of an advisory has all the device's words, also those that say of what kind it is, the others mean
 * other products: the `Agilia WiFi module` is no `Agilia Partner maintenance software`.
 */
function withoutOtherWordings(
  { apart }: ModelWords,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const groups = Map.groupBy(candidates, ({ entry }) => entry.advisory.id)
  return [...groups.values()].flatMap((group) => {
    if (group.length < 2 || group.some(({ likeness }) => likeness.kind !== 'vague')) return group
    const whole = group.filter(({ entry }) => {
      const words = wordsOf(entry.product.product)
      return apart.every((word) => words.includes(word))
    })
    return whole.length === 1 ? whole : group
  })
}

/** Of recalls that each name one kit of a system, a device that is called like one of the kits has that one. */
function withoutOtherKits(
  model: ModelWords,
  maker: ReadonlySet<string>,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const kits = candidates.filter(({ entry, key }) => key === 'product' && isKit(entry))
  if (kits.length < 2) return candidates
  const fits = new Map(kits.map((one) => [one, fitOf(model, maker, one)]))
  const isOther = (one: Candidate) => {
    const own = fits.get(one)
    if (own === undefined) return false
    return [...fits].some(([other, fit]) => {
      if (other === one || !fit.isWhole || !isSameSystem(one, other)) return false
      const isMore = [...own.met].every((word) => fit.met.has(word))
      return isMore && (!own.isWhole || fit.met.size > own.met.size)
    })
  }
  return candidates.filter((one) => !isOther(one))
}

function isKit({ advisory, product }: Candidate['entry']): boolean {
  return advisory.kind === 'recall' && product.also !== undefined
}

function isSameSystem(one: Candidate, other: Candidate): boolean {
  return one.entry.product.also?.[0] === other.entry.product.also?.[0]
}

/**
 * Products with numbers of their own are told apart by name too: the recall of the Assurity does not mean the Assurity
 * MRI, where another is of that.
 */
function withoutPlainerSisters(
  model: ModelWords,
  maker: ReadonlySet<string>,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const numbered = candidates.filter(
    ({ entry, key }) =>
      entry.advisory.kind === 'recall' && key !== 'udi' && (entry.codes ?? isOfProduct(entry)),
  )
  if (numbered.length < 2) return candidates
  const fits = new Map(numbered.map((one) => [one, withoutMakers(fitOf(model, maker, one), maker)]))
  const isPlainer = (one: Candidate) => {
    const own = fits.get(one)
    // What is only the system that has it inside is no plainer name.
    const isHost = one.likeness.kind === 'vague' && one.entry.others.length > 0
    if (own === undefined || one.key === 'catalogue' || isHost) return false
    return numbered.some((other) => {
      const fit = fits.get(other)
      if (fit === undefined || !fit.isWhole || fit.met.size <= own.met.size) return false
      const isNumbered = one.entry.codes !== undefined && other.entry.codes !== undefined
      if (!isNumbered && eventOf(one.entry) !== eventOf(other.entry)) return false
      return [...own.met].every((word) => fit.met.has(word))
    })
  }
  return candidates.filter((one) => !isPlainer(one))
}

/** Of one product on two platforms, told in brackets, only the one is meant whose platform the device names. */
function withoutOtherVariants(
  model: ModelWords,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const groups = Map.groupBy(candidates, ({ entry }) => {
    const base = entry.names.map(baseOf).join('|')
    return `${entry.advisory.id} ${base}`
  })
  return [...groups.values()].flatMap((group) => {
    const counts = group.map(({ entry }) =>
      Math.max(...entry.names.map((name) => countAsides(model, name))),
    )
    const most = Math.max(...counts)
    return group.filter((_, at) => counts[at] === most)
  })
}

/**
 * Where an advisory names the device itself, its longer-named sisters are other products; but `NovaSeq Control Software`
 * may be that of the `NovaSeq 6000` too, whose model people leave out.
 */
function withoutVagueSisters(
  model: ModelWords,
  maker: ReadonlySet<string>,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const same = candidates.filter(({ likeness }) => likeness.kind === 'same')
  if (same.length === 0 || same.length === candidates.length) return candidates
  const named = Map.groupBy(same, ({ entry }) => eventOf(entry))
  const metBy = (one: Candidate) => fitOf(model, maker, one).met
  return candidates.filter((one) => {
    if (one.likeness.kind === 'same' || isOpenSister(model, one)) return true
    const sisters = named.get(eventOf(one.entry)) ?? []
    // `Cranial Navigation` has more of the `Integration for Cranial Navigation` than of the `Navigation`.
    const met = [...metBy(one)]
    return !sisters.some((other) => met.every((word) => metBy(other).has(word)))
  })
}

/** Recalls of one firm and day whose numbers are those of products are of one event, as the lines of an advisory are. */
export function eventOf(entry: Candidate['entry']): string {
  const { id, recall } = entry.advisory
  return isOfProduct(entry) ? `${recall?.firm ?? ''} ${recall?.initiated ?? ''}` : id
}

function isOfProduct({ advisory: { id, recall } }: Candidate['entry']): boolean {
  return id.startsWith('Z-') && recall?.initiated !== undefined
}

function isOpenSister(model: ModelWords, { entry, likeness }: Candidate): boolean {
  return likeness.kind === 'vague' && entry.names.some((name) => lacksModelAlone(model, name))
}

/** All that the name has more than the device is the number of a model. */
function lacksModelAlone({ apart, joined }: ModelWords, { slots }: ProductName): boolean {
  const words = new Set([...apart, ...joined])
  const open = slots.filter((slot) => !slot.words.some((word) => words.has(word)))
  return open.length === 1 && open.every((slot) => slot.words.every(isModelNumber))
}

interface Fit {
  readonly one: Candidate
  readonly met: ReadonlySet<string>
  readonly isWhole: boolean
  /** It is called an app, a server or the like, which the device is not. */
  readonly isOtherKind: boolean
  /** It is called an app, a server or the like, as the device is. */
  readonly isOwnKind: boolean
}

/**
 * `mylife Cloud` is not the `mylife App`, nor `PACS RA1000` the `PACS Server`, where both are listed; and `SD-320AN`
 * is not `GEH-SD-320AN`.
 */
function withoutLesserSisters(
  model: ModelWords,
  maker: ReadonlySet<string>,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const groups = Map.groupBy(candidates, ({ entry }) => entry.advisory.id)
  if ([...groups.values()].every(({ length }) => length < 2)) return candidates
  return [...groups.values()].flatMap((group) => {
    if (group.length < 2) return group
    const fits = group.map((one): Fit => ({ one, ...fitOf(model, maker, one) }))
    // A number that is listed says more than the name.
    const isKept = (fit: Fit) =>
      fit.one.key === 'catalogue' ||
      isOpenSister(model, fit.one) ||
      !fits.some((other) => isNearer(other, fit))
    return fits.filter(isKept).map(({ one }) => one)
  })
}

function isNearer(other: Fit, fit: Fit): boolean {
  const { aliasWords } = fit.one.entry
  const isMore = [...fit.met].every((word) => other.met.has(word) || aliasWords.has(word))
  if (other === fit || !other.isWhole || !isMore) return false
  if (!fit.isWhole) return true
  // Of the MedStation ES and the MedStation ES Server, a server is the second.
  if (other.isOwnKind && !fit.isOwnKind && !other.isOtherKind) return true
  if (isFormerName(fit, other)) return true
  if (isTailOf(fit.one, other.one)) return true
  return fit.isOtherKind && other.met.size > fit.met.size
}

/** `GEH-SD-320AN` is no `SD-320AN`, where both are listed. */
function isTailOf({ entry: short }: Candidate, { entry: long }: Candidate): boolean {
  return long.product.product.toLowerCase().endsWith(`-${short.product.product.toLowerCase()}`)
}

/** `McKesson Horizon Cardiology` is the Horizon Cardiology, and no `McKesson Cardiology`: McKesson is who sold both. */
function isFormerName(fit: Fit, other: Fit): boolean {
  const { aliasWords } = fit.one.entry
  const count = ({ met }: Fit) => [...met].filter((word) => !aliasWords.has(word)).length
  return count(fit) === 1 && fit.met.size > 1 && count(other) > 1
}

function withoutMakers<Met extends { readonly met: ReadonlySet<string> }>(
  fit: Met,
  maker: ReadonlySet<string>,
): Met {
  return { ...fit, met: new Set([...fit.met].filter((word) => !maker.has(word))) }
}

function fitOf(model: ModelWords, maker: ReadonlySet<string>, { entry }: Candidate) {
  const own = new Set([...maker, ...entry.makerWords])
  const fits = entry.names.map((name) => metWords(model, name, own))
  return fits.reduce((best, fit) => (fit.met.size > best.met.size ? fit : best))
}

/** A device that is named like what the product is part of may have it inside; a kit's system is known by a part of its name. */
export function likenessOfHost(
  model: ModelWords,
  { others, advisory }: Candidate['entry'],
  maker: ReadonlySet<string>,
): Likeness | undefined {
  const found = others.map((name) => likenessOf(model, name, maker))
  const best = found.find(({ kind }) =>
    advisory.kind === 'recall' ? kind !== 'other' : kind === 'same',
  )
  return best === undefined ? undefined : { kind: 'vague', shared: best.shared }
}

/** `InTouch 2141` of the `InTouch ICU Bed` in `2131 and 2141`: number and family, and nothing else. */
export function isSisterOf(
  model: ModelWords,
  listed: ProductName,
  names: readonly ProductName[],
  maker: ReadonlySet<string>,
): boolean {
  const number = metWords(model, listed, maker)
  if (!number.isWhole || number.met.size === 0) return false
  return names.some((name) => {
    const { met } = metWords(model, name, maker)
    const isKnown = (word: string) => met.has(word) || number.met.has(word)
    return [model.apart, model.joined, model.split ?? model.apart].some((words) => {
      const telling = words.filter((word) => isTelling(word) && !maker.has(word))
      return met.size > 0 && telling.every(isKnown)
    })
  })
}
