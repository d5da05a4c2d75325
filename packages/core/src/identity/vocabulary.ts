/** How much the address block of a maker says about who made the device around it. */
export const OUI_WORTHS = ['device', 'part', 'guest'] as const
export type OuiWorth = (typeof OUI_WORTHS)[number]

export interface Category {
  readonly id: string
  readonly name: string
  /** Serves patients directly or their diagnosis. */
  readonly isClinical: boolean
}

export interface DeviceType {
  readonly id: string
  readonly name: string
  readonly category: string
  readonly isRegulated: boolean
  readonly isLifeSupport: boolean
  /** FDA product codes of this type, where known. */
  readonly productCodes: readonly string[]
  /** The FDA's class, 1 to 3, the highest among its product codes; undefined where it has none. */
  readonly fdaClass: number | undefined
  /** Other words for it, in English as people write them. */
  readonly aliases: readonly string[]
  /** Its numbers in nomenclatures whose terms are not free; a site that has a licence supplies them. */
  readonly codes: readonly NomenclatureCode[]
}

export const NOMENCLATURES = ['gmdn', 'umdns', 'emdn'] as const

/** A number in a nomenclature, without its term. */
export interface NomenclatureCode {
  readonly system: (typeof NOMENCLATURES)[number]
  readonly code: string
}

export interface Manufacturer {
  readonly name: string
  /** Other spellings and companies that became part of it; `*` at the end stands for any ending. */
  readonly aliases: readonly string[]
  /** Device types it is known for on hospital networks. */
  readonly makes: readonly string[]
  /** `device`: its address block names the maker; `part`: it sells modules; `guest`: it makes software machines. */
  readonly oui: OuiWorth
  /** Makers whose name alone may also mean this one: `Siemens` on the label of a scanner. */
  readonly alsoCalled: readonly string[]
}

/** The closed lists that claims draw from, compiled for look-up. */
export interface Vocabulary {
  readonly categories: ReadonlyMap<string, Category>
  readonly types: ReadonlyMap<string, DeviceType>
  readonly manufacturers: ReadonlyMap<string, Manufacturer>
  /** The maker behind any spelling of its name, or undefined when it is not in the vocabulary. */
  manufacturerOf(spelling: string): Manufacturer | undefined
  /** The device type that these words name, by id, name or alias; undefined when they name none of them exactly. */
  typeOf(words: string): DeviceType | undefined
}

const LEGAL_FORMS = new Set(
  'inc incorporated ltd limited llc lp gmbh co corp corporation company ag kg kgaa sa sas srl spa bv nv oy oyj ab as pty plc pte bhd sdn uab aps kft zrt ltda ehf hf the kk und'.split(
    ' ',
  ),
)

/** Lower case, no accents, no punctuation, no legal form: what two spellings of one maker share. */
export function normalizeName(name: string): string {
  const words = (ASCII.test(name) ? lettersOfAscii(name) : lettersOf(name)).trim().split(' ')
  const kept = words.filter((word, index) => index === 0 || !LEGAL_FORMS.has(word))
  return kept.join(' ')
}

const ASCII = /^[\0-\x7f]*$/

function lettersOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/\.(?=\p{L}{2})/gu, ' ')
    .replace(/['’.]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
}

/** The same for names without accents, which most are: a third of the time. */
function lettersOfAscii(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.(?=[a-z]{2})/g, ' ')
    .replace(/['.]/g, '')
    .replace(/[^a-z0-9]+/g, ' ')
}

/**
 * Compiles the vocabularies from parsed YAML: `manufacturers`, `device-types`, `categories`, and `codes` where a site
 * supplies them. Throws an Error that names the file and the entry when one is not as it must be.
 */
export function compileVocabulary(files: Readonly<Record<string, unknown>>): Vocabulary {
  const categories = indexOf(
    'categories',
    readList(files, 'categories', readCategory),
    ({ id }) => id,
  )
  const codes = files['codes'] === undefined ? [] : readList(files, 'codes', readCode)
  const types = indexOf(
    'device-types',
    readList(files, 'device-types', readType).map((type) => ({
      ...type,
      codes: codes.filter((each) => each.type === type.id),
    })),
    ({ id }) => id,
  )
  for (const { type, code } of codes)
    if (!types.has(type)) throw new Error(`codes/${code}: no device type "${type}"`)
  const makers = readList(files, 'manufacturers', readManufacturer)
  const manufacturers = indexOf('manufacturers', makers, ({ name }) => name)
  for (const { id, category } of types.values())
    if (!categories.has(category)) throw new Error(`device-types/${id}: no category "${category}"`)
  for (const { name, makes } of makers)
    for (const type of makes)
      if (!types.has(type)) throw new Error(`manufacturers/${name}: no device type "${type}"`)
  const typeOf = compileTypes([...types.values()])
  return { categories, types, manufacturers, manufacturerOf: compileMakers(makers), typeOf }
}

function compileTypes(types: readonly DeviceType[]): Vocabulary['typeOf'] {
  const names = new Map<string, DeviceType>()
  for (const type of types)
    for (const alias of new Set([type.id, type.name, ...type.aliases].map(normalizeWords))) {
      const other = names.get(alias)
      if (other) throw new Error(`device-types/${type.id}: "${alias}" also names ${other.id}`)
      names.set(alias, type)
    }
  return (words) => names.get(normalizeWords(words.slice(0, 200)))
}

/** Lower case words in the singular, without punctuation. */
function normalizeWords(words: string): string {
  return normalizeName(words)
    .split(' ')
    .map((word) => (/[^su]s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word))
    .join(' ')
}

function compileMakers(makers: readonly Manufacturer[]): Vocabulary['manufacturerOf'] {
  const whole = new Map<string, Manufacturer>()
  const starts = new Map<string, Manufacturer>()
  const fused = new Map<string, Manufacturer>()
  for (const maker of makers) {
    for (const alias of [maker.name, ...maker.aliases]) {
      const names = alias.endsWith('*') ? starts : whole
      const key = normalizeName(alias)
      const other = names.get(key)
      if (key === '' || (other && other !== maker))
        throw new Error(
          `manufacturers/${maker.name}: "${alias}" also names ${other?.name ?? 'nothing'}`,
        )
      names.set(key, maker)
      // `BostonScientific` and `iSENS` as people write them in one.
      if (key.includes(' ')) fused.set(key.replaceAll(' ', ''), maker)
    }
  }
  return (spelling) => {
    const words = normalizeName(spelling.slice(0, 200))
    return whole.get(words) ?? longestStart(starts, words) ?? fused.get(words.split(' ')[0] ?? '')
  }
}

function longestStart(starts: ReadonlyMap<string, Manufacturer>, name: string) {
  const words = name.split(' ')
  for (let length = words.length; length > 0; length--) {
    const maker = starts.get(words.slice(0, length).join(' '))
    if (maker) return maker
  }
  return undefined
}

function readCategory(entry: Entry): Category {
  return { id: entry.text('id'), name: entry.text('name'), isClinical: entry.flag('clinical') }
}

function readType(entry: Entry): DeviceType {
  return {
    id: entry.text('id'),
    name: entry.text('name'),
    category: entry.text('category'),
    isRegulated: entry.flag('regulated'),
    isLifeSupport: entry.flag('lifeSupport'),
    productCodes: entry.list('productCodes'),
    fdaClass: readClass(entry),
    aliases: entry.list('aliases'),
    codes: [],
  }
}

function readClass(entry: Entry): number | undefined {
  const value = entry.value['fdaClass']
  if (value === undefined || value === 1 || value === 2 || value === 3) return value
  throw new Error(`${entry.where}: fdaClass is 1, 2 or 3`)
}

function readCode(entry: Entry): NomenclatureCode & { readonly type: string } {
  const system = NOMENCLATURES.find((known) => known === entry.value['system'])
  if (!system) throw new Error(`${entry.where}: system is one of ${NOMENCLATURES.join(', ')}`)
  return { system, code: entry.text('code'), type: entry.text('type') }
}

function readManufacturer(entry: Entry): Manufacturer {
  const word = entry.value['oui'] ?? 'device'
  const oui = OUI_WORTHS.find((worth) => worth === word)
  if (!oui) throw new Error(`${entry.where}: oui is one of ${OUI_WORTHS.join(', ')}`)
  return {
    name: entry.text('name'),
    aliases: entry.list('aliases'),
    makes: entry.list('makes'),
    oui,
    alsoCalled: entry.list('alsoCalled'),
  }
}

interface Entry {
  readonly where: string
  readonly value: Readonly<Record<string, unknown>>
  text(key: string): string
  flag(key: string): boolean
  list(key: string): readonly string[]
}

function readList<T>(
  files: Readonly<Record<string, unknown>>,
  name: string,
  read: (entry: Entry) => T,
): T[] {
  const list = files[name]
  if (!Array.isArray(list)) throw new Error(`${name}: must be a list`)
  return list.map((value: unknown, index) => {
    const where = `${name} entry ${index + 1}`
    if (typeof value !== 'object' || value === null) throw new Error(`${where}: must be a mapping`)
    return read(entryOf(where, value as Readonly<Record<string, unknown>>))
  })
}

function entryOf(where: string, value: Readonly<Record<string, unknown>>): Entry {
  return {
    where,
    value,
    text(key) {
      const text = value[key]
      if (typeof text !== 'string' || text === '') throw new Error(`${where}: needs "${key}"`)
      return text
    },
    flag(key) {
      const flag = value[key] ?? false
      if (typeof flag !== 'boolean') throw new Error(`${where}: "${key}" is true or false`)
      return flag
    },
    list(key) {
      const list: unknown = value[key] ?? []
      if (!Array.isArray(list) || !list.every((item): item is string => typeof item === 'string'))
        throw new Error(`${where}: "${key}" is a list of texts`)
      return list
    },
  }
}

function indexOf<T>(file: string, list: readonly T[], keyOf: (item: T) => string): Map<string, T> {
  const index = new Map<string, T>()
  for (const item of list) {
    if (index.has(keyOf(item))) throw new Error(`${file}: "${keyOf(item)}" is there twice`)
    index.set(keyOf(item), item)
  }
  return index
}
