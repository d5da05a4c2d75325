const VERSION = String.raw`(?:v\.? ?)?(?:[A-Z]{1,3}[.-]?)?\d[\w.-]*(?: ?(?:SP|SU) ?\d+)?|HD \d+`
const AND = String.raw`\s*(?:,\s*(?:and|or)?|\band\b|\bor\b|/|&)\s*(?:software\s+)?(?:versions?\s+)?`
const UP_TO = String.raw`\s+(?:up to|through|thru)\s+`
const ONE = `(?:${VERSION})(?:${UP_TO}(?:${VERSION}))?`
const LIST = `${ONE}(?:${AND}${ONE})*`
const WORD = String.raw`\b(?:sof?t?ware|s/?w|firmware|program)?[ -]?(?:versions?|revisions?|rev\.?|sw-version|release)\b\s*:?\s*(?:MSV\s*)?`
export const VERSIONS = new RegExp(
  `(?:${WORD}(?:(?:below|prior to|lower than|before|earlier than)\\s+(?:version\\s+)?)?|\\bsoftware\\s+v?\\.?\\s?(?=\\d+\\.)|\\bSW\\s+(?=\\d)|\\bv\\.?(?=\\d+\\.\\d)|\\b(?=R\\d+\\.\\d))${LIST}(?:\\s*(?:and|or)\\s+(?:below|lower|prior|earlier|older|higher|later|above))?`,
  'gi',
)

/** Three versions or more in a row, that nothing announces. */
const ROW_OF_VERSIONS = /\b\d+\.\d+[\w.]*(?:\s*,\s*(?:and |or )?\d+\.\d+[\w.]*){2,}/

/** The range that a text states: `software versions 3A, 3B and 3C`, `Software Versions below A.02.00`. */
export function rangeOfRecalled(text: string): string | undefined {
  const found = [...text.matchAll(VERSIONS)].map((one) => one[0].trim())
  const before = /(\d+\.\d[\w.]*) Software Version/i.exec(text)?.[1]
  const lower = /\b(?:sof?t?ware)\s+(\d[\w.]*)\s+and\s+(?:lower|below|prior|earlier)/i.exec(text)
  if (lower?.[1] !== undefined) return `<= ${lower[1]}`
  // `version 1.00A catalogue number 2-01 and 1.00B catalogue number 2-02`
  const further =
    found.length === 0 ? undefined : /(?:\band|;) (\d+\.\d[\w.]*),? catalog/i.exec(text)?.[1]
  const ranges = [
    ...found.flatMap((one) => rangeOfPhrase(one) ?? []),
    ...[before, further].filter((one) => one !== undefined),
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
export function rangeOfList(text: string): string | undefined {
  const list = text
    .split(new RegExp(AND, 'i'))
    .map((one) =>
      one
        .trim()
        .replace(/^v\.? ?(?=\d)/i, '')
        .replace(/[.-]+$/, ''),
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
