/** One product of a recall: its own words, and the catalogue or model numbers among them. */
export interface Recalled {
  readonly text: string
  readonly codes: readonly string[]
}

/** Where the description of the product ends and that of its use begins. */
const USE =
  /\bProduct Usage\b|\bIntended (?:use|for)|\b(?:is|are) (?:intended|indicated|used|designed|an? (?:software|component|non|general|multi|computer|image))\b|\bIndications?\b|\bImplantation of\b|\bThese (?:low|high) voltage\b|\bmanufactured (?:by|for)\b|\bdistributed by\b|\bThe .{3,60}? (?:is|are) |\bThis (?:device|software|system)\b|\bUsed to\b|\bNOTE:|\bMfg\b|\bIndicated (?:for|use)|\bwhen deployed\b|\bby GE Healthcare\b|\bare affected\b|\bCardiac Science AEDs\b|\bThe firm\b|\bAn in[- ]vitro\b|\bNeonatal Respirator\b|[-–] ?software application\b|\bDiagnostic imaging system for\b|(?<=\w )used with the (?=[A-Z])/i
/** Addresses, and sentences that go on about the product before. */
const ASIDE =
  /\b[A-Z][a-z]+,? (?:[A-Z]{2}|Illinois) \d{5}\b|^(?:utilizes|intended|a|an|the|with|and|in ?vitro) [a-z]|^made in\b/
const LONGEST = 6000
/** The list of what is recalled, where it comes after what it is for. */
const TABLE =
  /\b(?:System Name|Material|Model|Catalog(?:ue)?|Part|Product)[ /\w]{0,20} Numbers?:\s*([\s\S]+)/i
/** Who made it where, between the product and its numbers. */
const MAKING = /;\s*(?:manufactured (?:by|for)|made in)\b[^;]*(?=;)/gi
/** The heading of a table of models, and the number in the cell beside a model. */
const HEADING = /:?\s*\bModel[ \t]+Product\b(?=\s)/g
const CELL = /(?<![\d][.)]|\d) *\t[\t ]*(?=[A-Z]{0,2}\d[\dA-Z-]{3,}\b)/g
/** A model that a row of a table names by its number alone: `FM30`. */
const ROW = /^([A-Z]{1,3})\d{1,4}[A-Z]{0,3}(?= Product Code )/
/** A small L read for the I of Beckman's DxI. */
const MISREAD = /\bDxl\b/g

/** Cuts a description to its products: `Accent Model Numbers: PM1210, PM2210; Accent MRI Model Number: PM1224`. */
export function splitRecalled(description: string): readonly Recalled[] {
  const plain = description
    .slice(0, LONGEST)
    .replace(/''/g, "'")
    .replace(MISREAD, 'DxI')
    .replace(HEADING, ' ')
    .replace(MAKING, ';')
    .replace(CELL, ' Product Code ')
    .replace(/[\t\r]+/g, ' ')
  const use = USE.exec(plain)
  const whole = use && use.index > 3 ? plain.slice(0, use.index) : plain
  const table = use && use.index > 3 ? (TABLE.exec(plain.slice(use.index))?.[1] ?? '') : ''
  const head =
    table === '' ? whole : `${whole.trim()} Material Number: ${codesIn(table).join(', ')}`
  const pieces = head
    .split(/;|\n\s*\n|\s(?:and|&)\s+(?=[^;]{3,60}?(?:REF|Product Code|Model Numbers?|Catalog)\b)/)
    .flatMap(splitVersioned)
    .flatMap(splitSisters)
    .flatMap(splitNames)
    .map((piece) =>
      piece
        .replace(/\s+/g, ' ')
        .replace(/\s-\s*$/, '')
        .trim(),
    )
    .filter((piece) => /[A-Za-z]{2}|\d{4}/.test(piece))
    // What is recalled stands first, with or without an address behind it.
    .filter((piece, at) => at === 0 || !ASIDE.test(piece))
  return pieces.reduce<readonly Recalled[]>(addPiece, [])
}

/** `Navigation 1.0 and Integration Software for Navigation 3.0.x` are two, each with its versions. */
function splitVersioned(piece: string): readonly string[] {
  return piece.split(/(?<=\s\d+\.\d[\w.]*)\s+and\s+(?=[A-Z][A-Za-z]{3,} [^;]*?\s\d+\.\d)/)
}

const SISTERS =
  /^([^,;:]*\b(?:Systems|Products|Devices)) - ((?:[A-Z][\w.]*(?: [\w.]+){0,2}, )+[A-Z][\w.]*(?: [\w.]+){0,2}? and [A-Z][\w.]*(?: [A-Z][\w.]*)?)(.*)$/s

/** `Fluoro Systems - Luminos dRF, Ysio and Uroskop Omnia with software ...` are three. */
function splitSisters(piece: string): readonly string[] {
  const [, , list, rest = ''] = SISTERS.exec(piece.trim()) ?? []
  if (list === undefined) return [piece]
  return list.split(/, | and /).map((name) => `${name}, ${rest}`)
}

const NAMED = /(?:\bnames|\bSystems?(?: Model)?|\bin all of the following):\s*([\s\S]+)$/i

/** `Magnetic Resonance Imaging Systems, under the following names: Visart, Excelart`: only the list has names. */
function splitNames(piece: string): readonly string[] {
  const list = NAMED.exec(piece)?.[1]
  if (list === undefined || nameOfRecalled(piece.replace(/\s+/g, ' ').trim()).name !== '')
    return [piece]
  const names = list.split(/,\s*|\s+(?:and|&|\/)\s+|\s*\n\s*|\s{2,}/)
  return names.map((name) => name.replace(/\b(?:Models?|Systems?|MRI)\b|\.$/g, '').trim())
}

/** A piece without a name of its own (`Cat. #192 2814 (Vitros ECiQ)`, `software version 2.0`) belongs to the one before. */
function addPiece(done: readonly Recalled[], text: string): readonly Recalled[] {
  const codes = codesIn(text)
  const last = done.at(-1)
  const sister = sisterOf(done, text)
  if (sister !== undefined) return [...done, { text: sister, codes }]
  const { name } = nameOfRecalled(text)
  if (last === undefined || name.replace(/[^A-Za-z]/g, '').length > 3)
    return [...done, { text, codes }]
  return [...done.slice(0, -1), { text: `${last.text}; ${text}`, codes: [...last.codes, ...codes] }]
}

/** `FM30` below `Philips Avalon FM20` is the Philips Avalon FM30. */
function sisterOf(done: readonly Recalled[], text: string): string | undefined {
  const row = ROW.exec(text)
  if (row === null) return undefined
  const model = new RegExp(`\\b${row[1] ?? ''}\\d{1,4}[A-Z]{0,3}\\b`)
  const names = done.map((one) => nameOfRecalled(one.text).name)
  const family = names.find((name) => model.test(name))
  return family === undefined
    ? undefined
    : family.replace(model, row[0]) + text.slice(row[0].length)
}

const LABEL =
  /\b(?:Models?(?: ?(?:Numbers?|Nos?\.?|#))?|REF\b(?:\s*(?:Numbers?|#))?|Catalog(?:ue)?(?:\/Part)?(?: (?:Numbers?|Nos?\.?|#))?|Cat\.?(?: ?(?:Nos?\.?|#))?|Product (?:Codes?|Catalog Numbers?|List\/Model)|Part (?:Numbers?|Nos?\.?|#)|P\/N|List(?=\s*#)|Material (?:Numbers?|Nos?\.?|#)|Item (?:Numbers?|Nos?\.?|#)|exterior carton codes?|Device Listing Number)[\s:#.]*/gi
/** A number that a catalogue or a label carries: with digits, no version. */
const CODE =
  /(?<![\w.-])#?([A-Z]{0,8}-?\d[\dA-Z]*(?:[-/][\dA-Z]+)*|[A-Z]{2,}(?:-[A-Z]{2,})*-[\dA-Z]*\d[\dA-Z-]*)(?![\w.]*\.\d)/g

/** Catalogue and model numbers: what stands after a label, and what has the shape of one. */
function codesIn(text: string): readonly string[] {
  const versions = text.replace(VERSIONS, ' ')
  const joined = versions.replace(/\b(PM|SAM) (?=\d)/g, '$1')
  const found = [...joined.matchAll(CODE)].map((one) => one[1] ?? '')
  return [...new Set(found.flatMap((code) => code.split('/')).filter(isCode))]
}

function isCode(code: string): boolean {
  const digits = code.replace(/\D/g, '').length
  if (code.length < 4 || digits < 2) return false
  if (/^(?:19|20)\d\d$/.test(code)) return false
  return code.length >= 5 || /^[A-Z]+-?\d{3,}/.test(code)
}

/** Numbers that a label announces, as far as the list goes. */
const LABELLED = new RegExp(`${LABEL.source}(?:${CODE.source}(?:\\s*(?:,|and|&)\\s*)?)+`, 'gi')

function isCompany(text: string): boolean {
  return /^[\w .&'-]*\b(?:Healthcare|Inc|Corp(?:oration)?|Medical Solutions|Medical Systems)\.?$/i.test(
    text.trim(),
  )
}

/** What only says of which kind a thing is. */
const KIND =
  /\b(?:automat(?:ed|ic)|external|implantable|cardioverter|defibrillators?|cardiographs?|continuous|hemodialysis|computed|tomography|x-?ray|emission|nuclear|magnetic resonance|diagnostic|imaging|pacemakers?|physiological|chemistry|immunoassay|analy[sz]ers?|analy[sz]ing|processing|ambulatory|syringe|therapy|i\.?v\.?|in vitro|packaged|transmitters?|programmers?|patient|monitors?|monitoring|systems?|software|ventilators?|devices?|instruments?|series|brand|resting|electrocardiographs?|infusion|pumps?|models?|used|with|using|running|for|the|sold|under|following|product|names?|image|radiolog(?:y|ical)(?= image)|ct\/spect|spect\/ct(?= system)|washer-? ?disinfectors?|flow cytometers?|volume|left heart support|blood|labeled|components?|equipped|versions?|revisions?|installed|in|all|of|(?<!\b[A-Z]\w+ )as|corresponding|codes?|units?|meters?|biphasic|anesthesia|delivery|medical|healthcare|ultrasound|data manager)\b/gi
const VERSION = String.raw`(?:v\.? ?)?(?:[A-Z]{1,3}[.-]?)?\d[\w.-]*(?: ?(?:SP|SU) ?\d+)?|HD \d+`
const AND = String.raw`\s*(?:,\s*(?:and|or)?|\band\b|\bor\b|/|&)\s*(?:software\s+)?(?:versions?\s+)?`
const UP_TO = String.raw`\s+(?:up to|through|thru)\s+`
const ONE = `(?:${VERSION})(?:${UP_TO}(?:${VERSION}))?`
const LIST = `${ONE}(?:${AND}${ONE})*`
const WORD = String.raw`\b(?:sof?t?ware|s/?w|firmware|program)?[ -]?(?:versions?|revisions?|rev\.?|sw-version|release)\b\s*:?\s*(?:MSV\s*)?`
const VERSIONS = new RegExp(
  `(?:${WORD}(?:(?:below|prior to|lower than|before|earlier than)\\s+(?:version\\s+)?)?|\\bsoftware\\s+v?\\.?\\s?(?=\\d+\\.)|\\bSW\\s+(?=\\d)|\\bv\\.?(?=\\d+\\.\\d))${LIST}(?:\\s*(?:and|or)\\s+(?:below|lower|prior|earlier|older|higher|later|above))?`,
  'gi',
)

/** `ROSA Surgical Device 2.5.8 ROSA Surgical Device` says the name once more. */
const TWICE = /^([A-Z][\w +-]{3,60}?) (\d+(?:\.\d+)+) \1\s*$/
/** Three versions or more in a row, that nothing announces. */
const ROW_OF_VERSIONS = /\b\d+\.\d+[\w.]*(?:\s*,\s*(?:and |or )?\d+\.\d+[\w.]*){2,}/

/** The name of a recalled product without kind, numbers and versions; `Radiology Solutions 14.0` ends with its version. */
export function nameOfRecalled(text: string): { readonly name: string; readonly version?: string } {
  const bare = text
    .replace(TWICE, '$1 $2')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(VERSIONS, ' ')
    .replace(/\(([^()]*)\)/g, (_, inner: string) =>
      /^[A-Za-z][A-Za-z0-9 +-]{1,20}$/.test(inner) ? ` (${inner}) ` : ' ',
    )
  const parts = bare.split(/,\s|:\s|\s-\s|\.\s|\.$/)
  const own = parts.find((part) => !isCompany(part)) ?? ''
  const afterLabel = /^\s*(?:Models?(?: Numbers?)?[:\s]*)?[A-Z]{0,3}\d{3,}\w*[,\s]+(.+)$/i.exec(
    bare,
  )
  const isNamed = own.replace(LABEL, ' ').replace(CODE, ' ').trim().length > 2
  const chosen = (isNamed ? own : (afterLabel?.[1] ?? own)).replace(LABELLED, ' ')
  const tail =
    /^(.*?[A-Za-z].*?)\s+((?:\d+\.\d+[\w.]*)(?:(?:\s*,\s*|\s+and\s+|\s+or\s+)\d+\.\d+[\w.]*)*)\s*$/.exec(
      chosen.replace(/\b(?:workstations?|db server)\s*$/i, ''),
    )
  const name = (tail?.[1] ?? chosen)
    .replace(LABEL, ' ')
    .replace(CODE, (code, own: string) => (isCode(own) && !isPartOfName(own) ? ' ' : code))
    .replace(KIND, ' ')
    .replace(/[^\p{L}\p{N}+/&()®.-]+/gu, ' ')
    .replace(/\(\s*\)/g, ' ')
    .replace(/(?:^|\s)[\d.]*\)?(?=\s*$)|(?<=\s)[./&-]+(?=\s)|^\W+/g, (piece) =>
      /\d/.test(piece) ? piece : ' ',
    )
    .replace(/\s+/g, ' ')
    .trim()
  const version = tail?.[2] === undefined ? undefined : rangeOfList(tail[2])
  return version === undefined ? { name } : { name, version }
}

/** `MX400/MX450` are names of sisters, `M3535A` and `1006-9300-000` numbers of a catalogue. */
function isPartOfName(code: string): boolean {
  return !code.includes('-') && !/^[A-Z]?\d{6,}/.test(code)
}

/** The range that a text states: `software versions 3A, 3B and 3C`, `Software Versions below A.02.00`. */
export function rangeOfRecalled(text: string): string | undefined {
  const found = [...text.matchAll(VERSIONS)].map((one) => one[0].trim())
  const before = /(\d+\.\d[\w.]*) Software Version/i.exec(text)?.[1]
  const lower = /\b(?:sof?t?ware)\s+(\d[\w.]*)\s+and\s+(?:lower|below|prior|earlier)/i.exec(text)
  if (lower?.[1] !== undefined) return `<= ${lower[1]}`
  const ranges = [
    ...found.flatMap((one) => rangeOfPhrase(one) ?? []),
    ...(before === undefined ? [] : [before]),
  ]
  if (ranges.length > 0) return [...new Set(ranges)].join(' | ')
  const row = ROW_OF_VERSIONS.exec(text)?.[0]
  return row === undefined ? undefined : rangeOfList(row)
}

const LEADS = new RegExp(`^(?:${WORD}|software\\s+v?\\.?\\s?|SW\\s+)`, 'i')

function rangeOfPhrase(phrase: string): string | undefined {
  const rest = phrase.replace(LEADS, '').trim()
  const below = /^(?:below|prior to|lower than|before|earlier than)\s+(?:version\s+)?(.+)$/i.exec(
    rest,
  )
  if (below?.[1] !== undefined) return `< ${below[1].trim()}`
  const open = /^(.+?)\s*(?:and|or)\s+(below|lower|prior|earlier|older|higher|later|above)$/i.exec(
    rest,
  )
  if (open?.[1] === undefined) return rangeOfList(rest)
  const list = open[1].split(new RegExp(AND, 'i')).map((one) => one.trim())
  const isUp = /higher|later|above/i.test(open[2] ?? '')
  return `${isUp ? '>=' : '<='} ${(isUp ? list[0] : list.at(-1)) ?? ''}`
}

/** `12.x`, `5.n` and `4.0.xxx` are lines of releases. */
function rangeOfList(text: string): string | undefined {
  const list = text
    .split(new RegExp(AND, 'i'))
    .map((one) =>
      one
        .trim()
        .replace(/^v\.? ?(?=\d)/i, '')
        .replace(/\.+$/, ''),
    )
    .map((one) => one.replace(/(\d)xx+$/i, '$1.x').replace(/\.(?:x+|n)$/i, '.x'))
    .filter((one) => /\d/.test(one))
  return list.length === 0 ? undefined : list.map(spanOf).join(' | ')
}

/** `5.3 up to 5.3.2` */
function spanOf(text: string): string {
  const [from = '', to] = text.split(new RegExp(UP_TO, 'i'))
  return to === undefined ? from : `>= ${from} | <= ${to}`
}
