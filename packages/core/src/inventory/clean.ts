import { isDeviceMac, isHostIp } from '../identity/address.ts'

/** Letters that show nothing: control, format and replacement. Spaces are put right before. */
const INVISIBLE = /[\p{Cc}\p{Cf}\ufffd]/gu
const EXCEL_ERROR = /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!|SPILL!|CALC!)$/i
const NOTHING =
  /^(?:n\/?a|none|null|nil|unknown|unk|tbd|tba|not (?:available|applicable|set|known)|no (?:serial|tag|data)|[-–—_.?*#]+|x+)$/i

/** One cell as people meant it; `problem` says what was wrong with it, as a sentence that says what to do. */
export interface CleanCell {
  readonly value: string | undefined
  readonly problem?: string
}

/** Takes spaces of every kind, control letters and the wrappings of spreadsheets off a cell. */
export function cleanCell(raw: string): CleanCell {
  const text = spacesOnly(raw)
  const literal = /^="([^"]*)"$/.exec(text)?.[1] ?? text.replace(/^'(?=\S)/, '')
  const value = spacesOnly(literal)
  if (value === '' || NOTHING.test(value)) return { value: undefined }
  if (EXCEL_ERROR.test(value))
    return {
      value: undefined,
      problem: `${value} is an error of the spreadsheet: mend the formula and export again.`,
    }
  if (/^[=@]/.test(value) || /^[+-][A-Za-z(]/.test(value))
    return {
      value: undefined,
      problem: 'A formula stands where a value should: export values only.',
    }
  return { value: value.slice(0, 400) }
}

function spacesOnly(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').replace(INVISIBLE, '').trim()
}

/** A code such as a serial number or tag. Spreadsheets turn long numbers into powers of ten, which cannot be undone. */
export function cleanCode(value: string): CleanCell {
  if (/^\d(?:[.,]\d+)?E\+?\d+$/i.test(value))
    return {
      value: undefined,
      problem: `${value} was shortened by a spreadsheet: format the column as text and export again.`,
    }
  return {
    value: value
      .replace(/^(?:S\/?N|SERIAL(?: ?NO)?\.?)[:# ]+(?=\S)/i, '')
      .replace(/^(\d+)\.0$/, '$1'),
  }
}

/** Every MAC of a cell as `aa:bb:cc:dd:ee:ff`; those that no device owns are left out. */
export function readMacs(value: string): CleanCell & { readonly macs: readonly string[] } {
  const found = value
    .split(/[;,|/\s]+|\band\b/i)
    .map((part) => part.replace(/[^0-9a-f]/gi, '').toLowerCase())
  const joined = value.replace(/[^0-9a-f]/gi, '').toLowerCase()
  const digits = found.some((part) => part.length === 12) ? found : [joined]
  const macs = digits
    .filter((part) => part.length === 12)
    .map((part) => part.replace(/(..)(?!$)/g, '$1:'))
    .filter((mac) => isDeviceMac(mac))
  if (macs.length > 0) return { value, macs: [...new Set(macs)] }
  return { value: undefined, macs: [], problem: `${value} is no MAC address of a device.` }
}

/** Every host address of a cell. */
export function readIps(value: string): CleanCell & { readonly ips: readonly string[] } {
  const ips = value
    .split(/[;,|\s]+/)
    .map((part) => part.replace(/\/\d+$/, '').toLowerCase())
    .map((part) => (/^[\d.]+$/.test(part) ? part.replace(/(^|\.)0+(?=\d)/g, '$1') : part))
    .filter(
      (part) =>
        (/^\d+(?:\.\d+){3}$/.test(part) || /^[0-9a-f:]*:[0-9a-f:]+$/.test(part)) && isHostIp(part),
    )
  if (ips.length > 0) return { value, ips: [...new Set(ips)] }
  if (/^dhcp$|^dynamic$/i.test(value)) return { value: undefined, ips: [] }
  return { value: undefined, ips: [], problem: `${value} is no address of a host.` }
}

/** `yes` or `no`. */
export function readFlag(value: string): CleanCell {
  if (/^(?:y|yes|true|t|1|x|connected|networked|wired|wireless|ja|oui|si|sí)$/i.test(value))
    return { value: 'yes' }
  if (/^(?:n|no|false|f|0|standalone|not connected|nein|non)$/i.test(value)) return { value: 'no' }
  return { value: undefined, problem: `${value} is neither yes nor no.` }
}

/** An amount with a point before the cents; `1.234,50` and `1,234.50` are one. */
export function readMoney(value: string): CleanCell {
  const digits = value.replace(/[^\d.,-]/g, '')
  const isComma = /,\d{1,2}$/.test(digits)
  const plain = isComma ? digits.replace(/\./g, '').replace(',', '.') : digits.replace(/,/g, '')
  const amount = Number(plain)
  if (plain !== '' && Number.isFinite(amount) && amount >= 0)
    return { value: String(Math.round(amount * 100) / 100) }
  return { value: undefined, problem: `${value} is no amount of money.` }
}
