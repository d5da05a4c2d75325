/** Places where a name stands that are looked at: more are no document of a device. */
const MOST_PLACES = 256
const LONGEST_TAG = 1024

/**
 * What stands between the first start tag of this local name, whatever its prefix, and its end tag; undefined when
 * there is none or it is not whole. Meant for elements that do not nest in themselves.
 */
export function elementOf(xml: string, name: string): string | undefined {
  let left = MOST_PLACES
  for (let at = xml.indexOf(name); at >= 0 && left > 0; at = xml.indexOf(name, at + 1), left--) {
    const start = startOfTag(xml, at)
    if (start < 0 || !/[\s>/]/.test(xml[at + name.length] ?? '')) continue
    const open = xml.indexOf('>', at)
    if (open < 0 || open - at > LONGEST_TAG) return undefined
    if (xml[open - 1] === '/') return ''
    const end = xml.indexOf(`</${xml.slice(start + 1, at + name.length)}`, open)
    return end < 0 ? undefined : xml.slice(open + 1, end)
  }
  return undefined
}

/** Text of the first element of this local name; undefined when it is not there or holds other elements. */
export function textOf(xml: string, name: string): string | undefined {
  const content = elementOf(xml, name)
  if (content === undefined || content.includes('<')) return undefined
  return unescapeXml(content.slice(0, 512)).trim()
}

/** Value of an attribute of the first element of this whole name, as POCT1-A has its values. */
export function attributeOf(xml: string, element: string, attribute: string): string | undefined {
  const at = xml.indexOf(`<${element}`)
  const close = at < 0 ? -1 : xml.indexOf('>', at)
  if (close < 0 || close - at > LONGEST_TAG) return undefined
  const tag = xml.slice(at + 1 + element.length, close)
  const found = new RegExp(`^(?:\\s[^<>]{0,400})?\\s${attribute}\\s?=\\s?(["'])([^"'<>]{0,512})\\1`)
  const value = found.exec(tag)?.[2]
  return value === undefined ? undefined : unescapeXml(value).trim()
}

/** Place of the angle bracket of the start tag whose local name begins at `at`; negative when it is none. */
function startOfTag(xml: string, at: number): number {
  if (xml[at - 1] === '<') return at - 1
  if (xml[at - 1] !== ':') return -1
  for (let before = at - 2; before >= 0 && at - before < 64; before--) {
    const character = xml[before]!
    if (character === '<') return before
    if (!/[\w.-]/.test(character)) return -1
  }
  return -1
}

export function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}
