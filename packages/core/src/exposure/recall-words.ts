import { CODE, isCode, nameOfRecalled } from './recall-name.ts'
import { VERSIONS } from './recall-range.ts'

/** One product of a recall: its own words, and the catalogue or model numbers among them. */
export interface Recalled {
  readonly text: string
  readonly codes: readonly string[]
}

/** Where the description of the product ends and that of its use begins. */
const USE =
  /\bProduct Usage\b|\bIntended (?:use|for)|\b(?:is|are) (?:intended|indicated|used|designed|an? (?:software|component|non|general|multi|computer|image))\b|\bIndications?\b|\bImplantation of\b|\bThese (?:low|high) voltage\b|\bmanufactured (?:by|for)\b|\bdistributed by\b|\bThe .{3,60}? (?:is|are) |\bThis (?:device|software|system)\b|\bUsed to\b|\bNOTE:|\bMfg\b|\bIndicated (?:for|use)|\bwhen deployed\b|\bby GE Healthcare\b|\bare affected\b|\bCardiac Science AEDs\b|\bThe firm\b|\bAn in[- ]vitro\b|\bNeonatal Respirator\b|[-–] ?software application\b|\bDiagnostic imaging system for\b|(?<=\w )used (?:with|on) the (?=[A-Z])/i
/** `Seno Advantage 2.2 workstations ... A medical image review station`: a new sentence without a full stop. */
const SENTENCE = /(?<=[a-z\d]) An? (?=[a-z]{4,} )/
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
/** Names that the records themselves misspell, and words that run into one another. */
const MISREAD: readonly (readonly [RegExp, string])[] = [
  [/\bDxl\b/g, 'DxI'],
  [/\bPL V(?= Continuum)/g, 'PLV'],
  [/\bEspirit\b/g, 'Esprit'],
  [/\bARCHTECT\b/g, 'ARCHITECT'],
  [/\bUtrasound\b/g, 'Ultrasound'],
  [/\bExelart\b/g, 'Excelart'],
  [/(?<=[A-Z]{2})(?=Clinical\b)/g, ' '],
  [/(?<=\d)(?=Versions? \d)/g, ' '],
  // `Synchron CX Systems` are all whose number begins with the letters.
  [/(?<=\b[A-Z][a-z]+ [A-Z]{2}) Systems\b/g, ' Series'],
  // `Enterprise Imaging Desktops Enterprise Imaging Desktops (...)` says the name twice.
  [/^([A-Z][\w +-]{8,60}) \1(?= \()/, '$1'],
]

/** Cuts a description to its products: `Accent Model Numbers: PM1210, PM2210; Accent MRI Model Number: PM1224`. */
export function splitRecalled(description: string): readonly Recalled[] {
  const plain = readable(description)
    .replace(HEADING, ' ')
    .replace(MAKING, ';')
    .replace(CELL, ' Product Code ')
    .replace(/\b(names|following):\s*\n\s*\n\s*/g, '$1:\n')
    .replace(/[\t\r]+/g, ' ')
  const use = [USE.exec(plain), SENTENCE.exec(plain)]
    .filter((end) => end !== null)
    .sort((a, b) => a.index - b.index)[0]
  const whole = use && use.index > 3 ? plain.slice(0, use.index) : plain
  const table = use && use.index > 3 ? (TABLE.exec(plain.slice(use.index))?.[1] ?? '') : ''
  const head =
    table === '' ? whole : `${whole.trim()} Material Number: ${codesIn(table).join(', ')}`
  const pieces = head
    .split(/;|\n\s*\n|\s(?:and|&)\s+(?=[^;]{3,60}?(?:REF|Product Code|Model Numbers?|Catalog)\b)/)
    .flatMap(splitVersioned)
    .flatMap(splitHosts)
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

/** The description with what is known to be wrong put right. */
export function readable(description: string): string {
  const text = description.slice(0, LONGEST).replace(/''/g, "'")
  return MISREAD.reduce((done, [wrong, right]) => done.replace(wrong, right), text)
}

/** `Navigation 1.0 and Integration Software for Navigation 3.0.x` are two, each with its versions. */
function splitVersioned(piece: string): readonly string[] {
  return piece.split(/(?<=\s\d+\.\d[\w.]*)\s+and\s+(?=[A-Z][A-Za-z]{3,} [^;]*?\s\d+\.\d)/)
}

/** `Operating Software used in Synchron LX20 Systems, Synchron LXi Systems`: the software, and what has it inside. */
function splitHosts(piece: string): readonly string[] {
  const [, head, list] =
    /^(.*\b[Ss]oftware\b.*?)\s+used (?:in|on) (?=[A-Z])(.+)$/s.exec(piece) ?? []
  return head === undefined || list === undefined ? [piece] : [head, ...list.split(/,\s+/)]
}

const SISTERS =
  /^([^,;:]*\b(?:Systems|Products|Devices)) - ((?:[A-Z][\w.]*(?: [\w.]+){0,2}, )+[A-Z][\w.]*(?: [\w.]+){0,2}? and [A-Z][\w.]*(?: [A-Z][\w.]*)?)(.*)$/s

/** `Fluoro Systems - Luminos dRF, Ysio and Uroskop Omnia with software ...` are three. */
function splitSisters(piece: string): readonly string[] {
  const [, , list, rest = ''] = SISTERS.exec(piece.trim()) ?? []
  if (list === undefined) return [piece]
  return list.split(/, | and /).map((name) => `${name}, ${rest}`)
}

const NAMED = /(?:(?<!\bbrand )\bnames|\bin all of the following):\s*([\s\S]+)$/i
const NAMED_BY_KIND = /^([^:]*\bSystems?(?: Models?)?):\s*([\s\S]+)$/i

/** `Magnetic Resonance Imaging Systems, under the following names: Visart, Excelart`: only the list has names. */
function splitNames(piece: string): readonly string[] {
  const list = NAMED.exec(piece)?.[1] ?? namedByKind(piece)
  if (list === undefined) return [piece]
  const names = list.split(/,\s*|\s+(?:and|&|\/)\s+|\s*\n\s*|\s{2,}/)
  return names.map((name) => name.replace(/\b(?:Models?|Systems?|MRI)\b|\.$/g, '').trim())
}

/** A list after nothing but the kind: `Magnetic Resonance Imaging, System: Flexart, Visart`. */
function namedByKind(piece: string): string | undefined {
  const [, head, list] = NAMED_BY_KIND.exec(piece) ?? []
  return head !== undefined && nameOfRecalled(head.replace(/\s+/g, ' ')).name === ''
    ? list
    : undefined
}

/** A piece without a name of its own (`Cat. #192 2814 (Vitros ECiQ)`, `software version 2.0`) belongs to the one before. */
function addPiece(done: readonly Recalled[], text: string): readonly Recalled[] {
  const codes = codesIn(text)
  const last = done.at(-1)
  const sister = sisterOf(done, text)
  if (sister !== undefined) return [...done, { text: sister, codes }]
  const { name } = nameOfRecalled(text)
  // A name has a capital or a number: `monochrome display screen` goes on about the product before.
  if (last === undefined || (name.replace(/[^A-Za-z]/g, '').length > 3 && /[A-Z\d]/.test(name)))
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

/** Catalogue and model numbers: what stands after a label, and what has the shape of one. */
function codesIn(text: string): readonly string[] {
  const versions = text.replace(VERSIONS, ' ')
  const joined = versions.replace(/\b(PM|SAM) (?=\d)/g, '$1')
  const found = [...joined.matchAll(CODE)].map((one) => one[1] ?? '')
  return [...new Set(found.flatMap((code) => code.split('/')).filter(isCode))]
}
