import { isObject, objectsAt, textAt } from '../exposure/json.ts'
import type { Sbom, SbomComponent } from '../vocabulary.ts'
import { BadDocument, dayOf } from './facts.ts'

/** For which product a bill of materials is, where the person knows better than the document. */
export interface SbomHint {
  readonly manufacturer?: string
  readonly model?: string
  readonly version?: string
}

const MAX_COMPONENTS = 200_000

/** Objects at a path: of a list, or the one object that XML makes of a list of one. */
export function manyAt(value: unknown, ...path: readonly string[]): readonly object[] {
  const list = objectsAt(value, ...path)
  if (list.length > 0) return list
  const found = path.reduce<unknown>(
    (part, name) =>
      isObject(part) && Object.hasOwn(part, name) ? Reflect.get(part, name) : undefined,
    value,
  )
  return isObject(found) && !Array.isArray(found) ? [found] : []
}

/** CycloneDX 1.2 to 1.6, from JSON or from the tree of its XML (root `bom`). */
export function parseCycloneDx(document: unknown, hint: SbomHint = {}): Sbom {
  const bom = unwrap(document, 'bom')
  const isXml = bom !== document
  if (!isXml && textAt(bom, 'bomFormat') !== 'CycloneDX') {
    throw new BadDocument('This is not a CycloneDX document: bomFormat is missing.')
  }
  const about = unwrap(unwrap(bom, 'metadata'), 'component')
  const components = flatten(
    isXml ? manyAt(bom, 'components', 'component') : objectsAt(bom, 'components'),
    isXml,
  )
  return sbomOf(
    {
      id: textAt(bom, 'serialNumber') || textAt(bom, '@_serialNumber'),
      manufacturer: supplierOf(about) || supplierOf(unwrap(bom, 'metadata')),
      model: textAt(about, 'name'),
      version: versionAt(about, 'version'),
      published: textAt(bom, 'metadata', 'timestamp'),
      source: 'CycloneDX',
    },
    components.map(cycloneComponent),
    hint,
  )
}

function unwrap(value: unknown, name: string): unknown {
  const inner = isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
  return isObject(inner) ? inner : name === 'bom' ? value : undefined
}

/** Components inside components, without recursion on what a document controls. */
function flatten(roots: readonly object[], isXml: boolean): readonly object[] {
  const all: object[] = []
  const waiting = [...roots].reverse()
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    all.push(one)
    if (all.length > MAX_COMPONENTS)
      throw new BadDocument(`More than ${MAX_COMPONENTS} components.`)
    const inner = isXml ? manyAt(one, 'components', 'component') : objectsAt(one, 'components')
    waiting.push(...[...inner].reverse())
  }
  return all
}

function cycloneComponent(one: object): SbomComponent {
  const group = textAt(one, 'group')
  const name = textAt(one, 'name')
  return componentOf({
    name: group === '' ? name : `${group}/${name}`,
    version: versionAt(one, 'version'),
    supplier: supplierOf(one),
    purl: textAt(one, 'purl'),
    cpe: textAt(one, 'cpe'),
  })
}

function supplierOf(one: unknown): string {
  return (
    textAt(one, 'manufacturer', 'name') ||
    textAt(one, 'manufacture', 'name') ||
    textAt(one, 'supplier', 'name') ||
    textAt(one, 'publisher')
  )
}

/** A version that XML or a careless program made a number of. */
function versionAt(one: unknown, name: string): string {
  const found = isObject(one) && Object.hasOwn(one, name) ? Reflect.get(one, name) : undefined
  return typeof found === 'number' ? String(found) : textAt(one, name)
}

/** SPDX 2.x, from JSON or from the tree of its XML (root `Document`). */
export function parseSpdx(document: unknown, hint: SbomHint = {}): Sbom {
  const root =
    isObject(document) && isObject(Reflect.get(document, 'Document'))
      ? (Reflect.get(document, 'Document') as object)
      : document
  if (!textAt(root, 'spdxVersion').startsWith('SPDX-')) {
    throw new BadDocument('This is not an SPDX document: spdxVersion is missing.')
  }
  const packages = manyAt(root, 'packages')
  const described = describedBy(root)
  const own = packages.find((one) => described.has(textAt(one, 'SPDXID')))
  return sbomOf(
    {
      id: textAt(root, 'documentNamespace'),
      manufacturer: personOf(textAt(own, 'supplier') || textAt(own, 'originator')),
      model: textAt(own, 'name') || textAt(root, 'name'),
      version: versionAt(own, 'versionInfo'),
      published: textAt(root, 'creationInfo', 'created'),
      source: 'SPDX',
    },
    packages.filter((one) => one !== own).map(spdxComponent),
    hint,
  )
}

function describedBy(root: unknown): ReadonlySet<string> {
  const listed = isObject(root) ? Reflect.get(root, 'documentDescribes') : undefined
  const named = Array.isArray(listed) ? listed : [listed]
  const related = manyAt(root, 'relationships')
    .filter((one) => textAt(one, 'relationshipType') === 'DESCRIBES')
    .map((one) => textAt(one, 'relatedSpdxElement'))
  return new Set([...named, ...related].filter((id) => typeof id === 'string' && id !== ''))
}

function spdxComponent(one: object): SbomComponent {
  const refs = manyAt(one, 'externalRefs').map((ref) => ({
    type: textAt(ref, 'referenceType'),
    locator: textAt(ref, 'referenceLocator'),
  }))
  return componentOf({
    name: textAt(one, 'name'),
    version: versionAt(one, 'versionInfo'),
    supplier: personOf(textAt(one, 'supplier') || textAt(one, 'originator')),
    purl: refs.find(({ type }) => type === 'purl')?.locator ?? '',
    cpe: refs.find(({ type }) => type.startsWith('cpe2'))?.locator ?? '',
  })
}

/** `Organization: ACME (info@acme.example)` without kind and mail address. */
function personOf(text: string): string {
  const name = text.replace(/^\s*(?:Organization|Person|Tool)\s*:\s*/i, '')
  const plain = name.replace(/\s*\([^)]*@[^)]*\)\s*$/, '').trim()
  return /^(NOASSERTION|NONE)$/i.test(plain) ? '' : plain
}

/** SPDX 2.x as lines of `Tag: value`. */
export function parseSpdxTagValue(text: string, hint: SbomHint = {}): Sbom {
  const head: Record<string, string> = {}
  const packages: Record<string, unknown>[] = []
  const relationships: object[] = []
  let current: Record<string, unknown> | undefined
  for (const { tag, value } of tagLines(text)) {
    if (tag === 'PackageName') {
      current = { name: value, externalRefs: [] }
      packages.push(current)
    } else if (tag === 'FileName' || tag === 'SnippetSPDXID') current = {}
    else if (tag === 'Relationship') relationships.push(relationOf(value))
    else if (current !== undefined) readTag(current, tag, value)
    else head[tag] ??= value
  }
  return parseSpdx(
    {
      spdxVersion: head['SPDXVersion'] ?? '',
      name: head['DocumentName'] ?? '',
      documentNamespace: head['DocumentNamespace'] ?? '',
      creationInfo: { created: head['Created'] ?? '' },
      packages,
      relationships,
    },
    hint,
  )
}

const PACKAGE_TAGS: Readonly<Record<string, string>> = {
  SPDXID: 'SPDXID',
  PackageVersion: 'versionInfo',
  PackageSupplier: 'supplier',
  PackageOriginator: 'originator',
}

function readTag(target: Record<string, unknown>, tag: string, value: string): void {
  const name = PACKAGE_TAGS[tag]
  if (name !== undefined) target[name] ??= value
  // ExternalRef: PACKAGE-MANAGER purl pkg:npm/x@1
  const [, type, locator] = /^\S+\s+(\S+)\s+(\S+)/.exec(value) ?? []
  if (tag === 'ExternalRef' && type !== undefined && Array.isArray(target['externalRefs'])) {
    target['externalRefs'].push({ referenceType: type, referenceLocator: locator })
  }
}

function relationOf(value: string): object {
  const [, relationshipType, relatedSpdxElement] = value.split(/\s+/)
  return { relationshipType: relationshipType ?? '', relatedSpdxElement: relatedSpdxElement ?? '' }
}

function* tagLines(text: string): Generator<{ readonly tag: string; readonly value: string }> {
  // Free text in <text> may span lines and hold anything; no fact is in it.
  for (const line of text.replaceAll(/<text>[\s\S]*?<\/text>/g, '').split(/\r?\n/)) {
    const found = /^\s*([A-Za-z]+)\s*:\s*(.*?)\s*$/.exec(line)
    if (found?.[1] !== undefined) yield { tag: found[1], value: found[2] ?? '' }
  }
}

function componentOf(
  parts: Record<'name' | 'version' | 'supplier' | 'purl' | 'cpe', string>,
): SbomComponent {
  const rest = Object.entries(parts).filter(
    ([name, value]) => name !== 'name' && value.trim() !== '',
  )
  return {
    name: parts.name.trim(),
    ...Object.fromEntries(rest.map(([name, value]) => [name, value.trim()])),
  }
}

interface SbomHead {
  readonly id: string
  readonly manufacturer: string
  readonly model: string
  readonly version: string
  readonly published: string
  readonly source: string
}

function sbomOf(head: SbomHead, all: readonly SbomComponent[], hint: SbomHint): Sbom {
  const components = all.filter(({ name }) => name !== '')
  const manufacturer = (hint.manufacturer ?? head.manufacturer).trim()
  const model = (hint.model ?? head.model).trim()
  const version = (hint.version ?? head.version).trim()
  if (components.length === 0) throw new BadDocument('The bill of materials names no component.')
  if (manufacturer === '' || model === '') {
    throw new BadDocument(
      'The document does not say for which maker and model it is. Enter both by hand.',
    )
  }
  const id = `sbom:${head.id || `${manufacturer}/${model}/${version}`}`.slice(0, 300)
  const published = dayOf(head.published) ?? '1970-01-01'
  const range = version === '' ? 'vers:all/*' : version
  return { id, manufacturer, model, range, source: head.source, published, components }
}
