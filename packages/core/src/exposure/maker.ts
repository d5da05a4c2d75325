import { normalizeName } from '../identity/vocabulary.ts'
import { isModelNumber, tellingWords, wordsOf } from './words.ts'

/** Finds the maker behind a spelling; the compiled vocabulary of manufacturers is one. */
export interface MakerNames {
  manufacturerOf(spelling: string):
    | {
        readonly name: string
        readonly aliases: readonly string[]
        readonly alsoCalled?: readonly string[]
      }
    | undefined
}

/** Words of company names that say what trade they are in, not who they are. */
const TRADE = new Set(
  'america american corporation international pumps diagnostics developments electronics automation controls instruments industries solutions group health healthcare healthineers laboratories laboratory labs medical systems technologies technology usa'.split(
    ' ',
  ),
)

/**
 * Keys under which a maker is found, `BMC Medical, 3B Medical` being two makers; never empty. A maker that the
 * vocabulary knows has its name alone as key, so that its namesakes are not taken for it.
 */
export function makerKeys(spelling: string, makers: MakerNames | undefined): readonly string[] {
  // Most are one word, and those name one maker.
  if (!SEPARATOR.test(spelling)) return [...new Set(keysOfPart(spelling, makers))]
  const several = severalMakers(spelling, makers)
  if (several.length > 1) return several
  const whole = makers?.manufacturerOf(spelling)
  const doubled = whole ?? twiceNamed(spelling, makers)
  if (doubled) return [doubled.name]
  const parts = spelling.split(/\s*(?:[,;/&]|\band\b)\s*/i).filter((part) => !isFormAlone(part))
  return [...new Set([spelling, ...parts].flatMap((part) => keysOfPart(part, makers)))]
}

const SEPARATOR = /[\s,;/&]/

function keysOfPart(part: string, makers: MakerNames | undefined): readonly string[] {
  const own = makers?.manufacturerOf(part)
  if (own !== undefined) return [own.name]
  const plain = plainName(withoutDigraphs(part))
  const known = makers?.manufacturerOf(plain)
  return known ? [known.name] : [normalizeName(part), plain]
}

/** Keys of a device's maker; `Philips Ultrasound Bothell` is what its first word says, where the vocabulary has no more. */
export function deviceMakerKeys(
  spelling: string,
  makers: MakerNames | undefined,
): readonly string[] {
  const keys = makerKeys(spelling, makers)
  if (makers === undefined || keys.some((key) => makers.manufacturerOf(key) !== undefined)) {
    return keys
  }
  const words = spelling.trim().split(/\s+/)
  const leading = [2, 1].filter((count) => count < words.length)
  const known = leading.map((count) => makers.manufacturerOf(words.slice(0, count).join(' ')))
  const name = known.find((one) => one !== undefined)?.name
  return name === undefined ? keys : [...keys, name]
}

/** `Geutebrueck` is Geutebrück, whose name loses the dots elsewhere. */
function withoutDigraphs(name: string): string {
  return name.replace(/(?<=[bcdfghjklmnprstvwz])([aou])e(?=[bcdfghjklmnprstvwz])/gi, '$1')
}

/** `Silex Technology and GE Healthcare` are two, although the first alone could end in anything. */
function severalMakers(spelling: string, makers: MakerNames | undefined): readonly string[] {
  const known = spelling
    .split(/\s+and\s+/i)
    .flatMap((part) => makers?.manufacturerOf(part)?.name ?? [])
  return [...new Set(known)]
}

/** `GE Datex-Ohmeda` is one maker, named twice. */
function twiceNamed(spelling: string, makers: MakerNames | undefined) {
  const [first = '', ...rest] = spelling.trim().split(/\s+/)
  const one = makers?.manufacturerOf(first)
  return one !== undefined && makers?.manufacturerOf(rest.join(' '))?.name === one.name
    ? one
    : undefined
}

/** `Ltd.` of `SOOIL Developments Co, Ltd.` names nobody. */
function isFormAlone(part: string): boolean {
  return normalizeName(`x ${part}`) === 'x'
}

/**
 * Keys of an affected product: each vendor of a list, and plain names, for devices whose maker the vocabulary does
 * not know.
 */
export function vendorKeys(vendor: string, makers: MakerNames | undefined): readonly string[] {
  const parts = vendor.split(/\s*,\s*/).filter((part) => !isFormAlone(part))
  const keys = [vendor, ...parts].flatMap((part) => makerKeys(part, makers))
  const others = keys.flatMap((key) => makers?.manufacturerOf(key)?.alsoCalled ?? [])
  return [...new Set([...keys, ...others, plainName(vendor)])]
}

function plainName(name: string): string {
  const words = normalizeName(name).split(' ')
  const own = words.filter((word) => !TRADE.has(word))
  return (own.length > 0 ? own : words).join(' ')
}

/** Words of the makers' own names, which their product names may or may not repeat. */
export function makerWords(
  spellings: readonly string[],
  makers: MakerNames | undefined,
): ReadonlySet<string> {
  const known = spellings.flatMap((spelling) => makers?.manufacturerOf(spelling)?.name ?? [])
  return new Set([...spellings, ...known].flatMap(tellingWords).flatMap(withBrand))
}

/** `Santesoft` calls its products Sante. */
function withBrand(word: string): readonly string[] {
  const brand = /^(.{4,})soft$/.exec(word)?.[1]
  return brand === undefined ? [word] : [word, brand]
}

/**
 * The product without the company that once sold it: `Connex Spot Monitor` of `Welch Allyn Connex Spot Monitor`.
 * Undefined where no such name leads or too little is left to tell the product.
 */
export function withoutFormerMaker(
  product: string,
  vendor: string,
  makers: MakerNames | undefined,
  isLeft: (name: string) => boolean = isEnough,
): string | undefined {
  const maker = makers?.manufacturerOf(vendor)
  if (maker === undefined) return undefined
  const aliases = aliasesOf(maker)
  let words = product.split(/\s+/)
  let rest: string | undefined
  for (;;) {
    const count = [3, 2, 1].find((some) =>
      aliases.has(normalizeName(words.slice(0, some).join(' '))),
    )
    words = words.slice(count ?? words.length)
    if (count === undefined || !isLeft(words.join(' '))) return rest
    rest = words.join(' ')
  }
}

type Maker = NonNullable<ReturnType<MakerNames['manufacturerOf']>>

const readAliases = new WeakMap<Maker, ReadonlySet<string>>()

/** The names of a maker as they are compared: some have a hundred, so they are read once. */
function aliasesOf(maker: Maker): ReadonlySet<string> {
  const known = readAliases.get(maker)
  if (known !== undefined) return known
  const aliases = new Set([maker.name, ...maker.aliases].map((one) => normalizeName(one)))
  readAliases.set(maker, aliases)
  return aliases
}

/** What is left of `Alaris Systems Manager` names nothing. */
const COMMON = new Set('client console editor manager portal server viewer workstation'.split(' '))

/** A device's model without the names that its maker had: `Nexus` of Swisslog's `TransLogic Nexus`. */
export function modelWithoutMaker(
  model: string,
  manufacturer: string,
  makers: MakerNames | undefined,
): string | undefined {
  const isWord = (name: string) =>
    tellingWords(name).some((word) => word.length > 3 && !COMMON.has(word))
  return withoutFormerMaker(model, manufacturer, makers, isWord)
}

/** Two words, a number or one long word are left, that tell the product. */
function isEnough(name: string): boolean {
  if (name === '' || wordsOf(name).length === 0) return false
  const telling = tellingWords(name)
  return telling.length > 1 || telling.some((word) => isModelNumber(word) || word.length > 7)
}
