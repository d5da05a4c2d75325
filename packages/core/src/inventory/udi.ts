/** What a UDI carries: device identifier and production identifiers. */
export interface Udi {
  readonly issuer: 'GS1' | 'HIBCC' | 'ICCBBA'
  readonly di: string
  readonly serial?: string
  readonly lot?: string
  /** ISO dates. */
  readonly made?: string
  readonly expires?: string
}

/** Reads a GS1 element string into application identifiers; undefined when it is none. Handed in, as a library does it. */
export type Gs1Reader = (
  text: string,
) => readonly { readonly ai: string; readonly raw: string; readonly isoDate: string }[] | undefined

/** Ends an element of variable length (GS1 General Specifications 7.8). */
const SEPARATOR = '\u001d'

/** Answer to a scan: the UDI, or a sentence that says what is wrong with it. */
export type UdiReading = { readonly udi: Udi } | { readonly problem: string }

/**
 * Reads a UDI as typed or as a wedge scanner sends it. Such scanners send the group separator (0x1D) as it is, or as
 * `^]`, `<GS>`, `{GS}` or `~029`, and may put a symbology identifier (`]d2`, `]C1`) in front.
 */
export function readUdi(text: string, gs1: Gs1Reader): UdiReading {
  const scanned = text
    .trim()
    .replace(/^\](?:[cC]1|d[12]|e0|Q3|J1|C0|Q1)/, '')
    .replace(/\^\]|<GS>|\{GS\}|\\x1d|~029|\u241d/gi, SEPARATOR)
  const code = scanned.startsWith(SEPARATOR) ? scanned.slice(1) : scanned
  if (code.length < 6 || code.length > 200)
    return { problem: 'This is too short or too long for a UDI.' }
  if (/^[=&]/.test(code)) return readIccbba(code)
  if (code.startsWith('+')) return readHibcc(code)
  return readGs1(code, gs1)
}

function readGs1(code: string, gs1: Gs1Reader): UdiReading {
  const plain = /^\d{14}$/.test(code) ? `01${code}` : code
  const elements = gs1(plain)
  const valueOf = (ai: string) => elements?.find((element) => element.ai === ai)
  const di = valueOf('01')?.raw
  if (elements === undefined || di === undefined)
    return {
      problem:
        'This is no UDI of GS1, HIBCC or ICCBBA: scan the code with (01) or + in front, or type serial and maker.',
    }
  if (!isGtin(di)) return { problem: `The check digit of ${di} is wrong: scan it again.` }
  return {
    udi: {
      issuer: 'GS1',
      di,
      ...given('serial', valueOf('21')?.raw),
      ...given('lot', valueOf('10')?.raw),
      ...given('made', valueOf('11')?.isoDate),
      ...given('expires', valueOf('17')?.isoDate),
    },
  }
}

function given<Name extends string>(
  name: Name,
  value: string | undefined,
): { [Key in Name]?: string } {
  return value === undefined || value === '' ? {} : ({ [name]: value } as { [Key in Name]: string })
}

/** GTIN check digit (GS1 General Specifications 7.9). */
function isGtin(di: string): boolean {
  const digits = [...di].map(Number)
  const sum = digits
    .slice(0, -1)
    .toReversed()
    .reduce((total, digit, at) => total + digit * (at % 2 === 0 ? 3 : 1), 0)
  return digits.at(-1) === (10 - (sum % 10)) % 10
}

const HIBC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%'

/** Check letter of HIBC (ANSI/HIBC 2.6 appendix B): sum of places modulo 43. */
function hibcCheck(text: string): string {
  const sum = [...text].reduce((total, letter) => total + Math.max(0, HIBC.indexOf(letter)), 0)
  return HIBC[sum % 43] ?? ''
}

/** `+` LIC (4) PCN (1-18) unit of measure (1), then `/` and secondary data, a check letter last. */
function readHibcc(code: string): UdiReading {
  const upper = code.toUpperCase()
  if (hibcCheck(upper.slice(0, -1)) !== upper.at(-1))
    return { problem: 'The check letter of this HIBC code is wrong: scan it again.' }
  const [primary = '', ...rest] = upper.slice(1, -1).split('/')
  const found = /^([A-Z][A-Z0-9]{3})([A-Z0-9]{1,18})([0-9])$/.exec(primary)
  if (!found)
    return {
      problem:
        'This HIBC code carries no product: scan the primary code, the one that begins with + and letters.',
    }
  const parts = rest.map(readHibcPart)
  return { udi: { issuer: 'HIBCC', di: primary, ...(Object.assign({}, ...parts) as Partial<Udi>) } }
}

/** Secondary data of HIBC: `$$+7` serial, `$$7` lot, dates in six forms, `S` serial, `14D` and `16D` dates. */
function readHibcPart(part: string): Partial<Udi> {
  const date = /^(14D|16D)(\d{4})(\d{2})(\d{2})$/.exec(part)
  if (date) return { [date[1] === '14D' ? 'expires' : 'made']: `${date[2]}-${date[3]}-${date[4]}` }
  if (part.startsWith('S')) return given('serial', part.slice(1))
  const kind =
    part.startsWith('$$+') || (part.startsWith('$+') && !part.startsWith('$$')) ? 'serial' : 'lot'
  if (part.startsWith('$$')) {
    const { date: expires, rest } = readHibcDate(part.replace(/^\$\$\+?/, ''))
    return { ...given('expires', expires), ...given(kind, rest) }
  }
  if (part.startsWith('$')) return given(kind, part.replace(/^\$\+?/, ''))
  // Day of the year in front of a lot: YYJJJ.
  return /^\d{5}/.test(part) ? given('lot', part.slice(5)) : {}
}

/** The date that leads secondary data; its first digit says which form it has. */
function readHibcDate(text: string): { readonly date: string | undefined; readonly rest: string } {
  const forms: readonly [RegExp, (found: RegExpExecArray) => string][] = [
    [/^2(\d{2})(\d{2})(\d{2})/, (found) => `20${found[3]}-${found[1]}-${found[2]}`],
    [/^3(\d{2})(\d{2})(\d{2})/, (found) => `20${found[1]}-${found[2]}-${found[3]}`],
    [/^4(\d{2})(\d{2})(\d{2})\d{2}/, (found) => `20${found[1]}-${found[2]}-${found[3]}`],
    [/^5(\d{2})(\d{3})/, (found) => dayOfYear(Number(found[1]), Number(found[2]))],
    [/^6(\d{2})(\d{3})\d{2}/, (found) => dayOfYear(Number(found[1]), Number(found[2]))],
    [/^([01]\d)(\d{2})/, (found) => lastOfMonth(Number(found[2]), Number(found[1]))],
  ]
  if (text.startsWith('7')) return { date: undefined, rest: text.slice(1) }
  for (const [pattern, read] of forms) {
    const found = pattern.exec(text)
    if (found) return { date: read(found), rest: text.slice(found[0].length) }
  }
  return { date: undefined, rest: text }
}

function dayOfYear(year: number, day: number): string {
  return new Date(Date.UTC(2000 + year, 0, day)).toISOString().slice(0, 10)
}

function lastOfMonth(year: number, month: number): string {
  return new Date(Date.UTC(2000 + year, month, 0)).toISOString().slice(0, 10)
}

/** ISBT 128: `=/` device identifier, `=,` serial, `&,1` lot, `=>` expiry and `=}` making as cYYJJJ. */
function readIccbba(code: string): UdiReading {
  const parts = code.split(/(?==\/|=,|=>|=\}|&,1)/)
  const valueOf = (start: string) =>
    parts.find((part) => part.startsWith(start))?.slice(start.length)
  const di = valueOf('=/')
  if (di === undefined || !/^[A-Z0-9]{16}$/i.test(di))
    return {
      problem: 'This ISBT 128 code carries no device identifier (=/): scan the whole label.',
    }
  return {
    udi: {
      issuer: 'ICCBBA',
      di,
      ...given('serial', valueOf('=,')),
      ...given('lot', valueOf('&,1')),
      ...given('expires', isbtDate(valueOf('=>'))),
      ...given('made', isbtDate(valueOf('=}'))),
    },
  }
}

function isbtDate(text: string | undefined): string | undefined {
  const found = /^(\d)(\d{2})(\d{3})/.exec(text ?? '')
  if (!found) return undefined
  // The first digit is the century: 0 for 2000 to 2099.
  return dayOfYear(Number(found[1]) * 100 + Number(found[2]), Number(found[3]))
}
