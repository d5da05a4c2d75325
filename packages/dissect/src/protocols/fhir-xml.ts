import { unescapeXml } from './xml-text.ts'

/** An element of FHIR in XML as it stands in JSON: values as text, elements within as lists. */
type Element = Record<string, unknown>

const MOST_TAGS = 8192
const MOST_DEPTH = 24
const MOST_REPETITIONS = 100
/** Names of elements that are kept within one: none that is read has as many. */
const MOST_NAMES = 64
const NAME = /^\/?(?:[\w-]{1,32}:)?([A-Za-z]\w{0,63})(?=[\s/]|$)/
const VALUE = /\svalue\s{0,4}=\s{0,4}(["'])([^"'<>]{0,512})\1/

interface Open {
  readonly name: string
  readonly element: Element
  /** Names that stand in it. */
  names: number
}

/**
 * A resource in XML as the object that it is in JSON (FHIR R4 §2.1.2.6), so far as equipment needs it. Undefined when it
 * is not whole or its tags do not fit: what is damaged could lend a patient's values to a device.
 */
export function fhirOfXml(xml: string): Element | undefined {
  const root = emptyElement()
  const open: Open[] = [{ name: '', element: root, names: 0 }]
  let at = xml.indexOf('<')
  for (let count = 0; at >= 0 && count < MOST_TAGS; count++) {
    const isComment = xml.startsWith('<!--', at)
    const end = xml.indexOf(isComment ? '-->' : '>', at)
    if (end < 0) return undefined
    const tag = xml.slice(at + 1, end)
    at = xml.indexOf('<', end)
    if (isComment || (tag.startsWith('?') && open.length === 1)) continue
    const name = NAME.exec(tag)?.[1]
    if (name === undefined) return undefined
    if (tag.startsWith('/')) {
      if (open.pop()?.name !== name || open.length === 0) return undefined
      continue
    }
    const parent = open.at(-1)!
    if (open.length > MOST_DEPTH || (open.length === 1 && parent.names > 0)) return undefined
    const element = add(parent, name, VALUE.exec(tag)?.[2])
    if (!tag.endsWith('/')) open.push({ name, element, names: 0 })
  }
  return at < 0 && open.length === 1 ? resourceOf(root) : undefined
}

/** Adds an element to its parent: the first value of a name as text, all that have no value to a list. */
function add(parent: Open, name: string, value: string | undefined): Element {
  const element = emptyElement()
  const { element: within } = parent
  if (within[name] === undefined && ++parent.names > MOST_NAMES) return element
  if (value !== undefined) {
    within[name] ??= unescapeXml(value).trim()
    return element
  }
  const list = (within[name] ??= [])
  if (Array.isArray(list) && list.length < MOST_REPETITIONS) list.push(element)
  return element
}

/** Names come off the wire: only what was put there stands in it. */
function emptyElement(): Element {
  return Object.create(null) as Element
}

/** The resource in an element: its name there is the kind of the resource. */
function resourceOf(holder: Element): Element | undefined {
  const [[kind, list] = []] = Object.entries(holder)
  const resource: unknown = Array.isArray(list) ? list[0] : undefined
  if (kind === undefined || typeof resource !== 'object' || resource === null) return undefined
  const entries = Object.entries(resource).map(([name, value]) => [
    name,
    name === 'entry' && Array.isArray(value) ? value.map(entryOf) : value,
  ])
  return { ...Object.fromEntries(entries), resourceType: kind }
}

/** An entry of a Bundle with its resource. */
function entryOf(entry: Element): Element {
  const [holder] = Array.isArray(entry['resource']) ? (entry['resource'] as Element[]) : []
  return { resource: holder === undefined ? undefined : resourceOf(holder) }
}
