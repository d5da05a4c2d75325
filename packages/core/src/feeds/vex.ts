import { isObject, listAt, objectsAt, textAt } from '../exposure/json.ts'
import type { ProductStatus, VexStatement } from '../vocabulary.ts'
import { BadDocument, dayOf } from './facts.ts'
import type { SbomHint } from './sbom.ts'

const CYCLONE_STATES: Readonly<Record<string, ProductStatus>> = {
  not_affected: 'not-affected',
  false_positive: 'not-affected',
  exploitable: 'affected',
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  in_triage: 'under-investigation',
  affected: 'affected',
  fixed: 'fixed',
  under_investigation: 'under-investigation',
}

/** Statements of a CycloneDX document about vulnerabilities in its product (VEX, VDR). */
export function parseCycloneVex(document: unknown, hint: SbomHint = {}): readonly VexStatement[] {
  if (textAt(document, 'bomFormat') !== 'CycloneDX') {
    throw new BadDocument('This is not a CycloneDX document: bomFormat is missing.')
  }
  const about: unknown = at(document, 'metadata', 'component')
  const parts = new Map(
    [about, ...objectsAt(document, 'components')]
      .filter(isObject)
      .map((one) => [textAt(one, 'bom-ref'), one]),
  )
  const own = textAt(about, 'bom-ref')
  const id = textAt(document, 'serialNumber') || 'cyclonedx'
  const published = dayOf(textAt(document, 'metadata', 'timestamp')) ?? '1970-01-01'
  return objectsAt(document, 'vulnerabilities').flatMap((one) => {
    const status = CYCLONE_STATES[textAt(one, 'analysis', 'state')]
    const cve = textAt(one, 'id')
    if (status === undefined || cve === '') return []
    const affects = objectsAt(one, 'affects')
    return (affects.length === 0 ? [{}] : affects).map((target, index) => {
      // A reference into another document: urn:cdx:serial/version#bom-ref.
      const ref = textAt(target, 'ref').split('#').at(-1) ?? ''
      const part = parts.get(decodeRef(ref))
      const isPart = part !== undefined && decodeRef(ref) !== own
      const product = about ?? part
      const justification = textAt(one, 'analysis', 'justification')
      return statementOf({
        id: `${id}/${cve}/${index}`,
        source: 'CycloneDX VEX',
        published: dayOf(textAt(one, 'updated')) ?? dayOf(textAt(one, 'published')) ?? published,
        cves: [cve],
        manufacturer: hint.manufacturer ?? makerOf(product),
        model: hint.model ?? (textAt(product, 'name') || ref),
        range: hint.version ?? versionRange(target, textAt(product, 'version')),
        ...(isPart && about !== undefined && { component: textAt(part, 'name') }),
        status,
        ...(justification !== '' && { justification }),
      })
    })
  })
}

function makerOf(product: unknown): string {
  return (
    textAt(product, 'manufacturer', 'name') ||
    textAt(product, 'supplier', 'name') ||
    textAt(product, 'publisher') ||
    textAt(product, 'group')
  )
}

/** Versions that the statement names itself, or that of the product. */
function versionRange(target: object, version: string): string {
  const named = objectsAt(target, 'versions').flatMap((one) => {
    const range = textAt(one, 'range')
      .replace(/^vers:[a-z]+\//, '')
      .replaceAll('|', ' | ')
    return range || textAt(one, 'version') || []
  })
  if (named.length > 0) return named.join(' | ')
  return version === '' ? 'vers:all/*' : version
}

function decodeRef(ref: string): string {
  try {
    return decodeURIComponent(ref)
  } catch {
    return ref
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (part, name) =>
      isObject(part) && Object.hasOwn(part, name) ? Reflect.get(part, name) : undefined,
    value,
  )
}

const OPEN_STATES: Readonly<Record<string, ProductStatus>> = {
  not_affected: 'not-affected',
  affected: 'affected',
  fixed: 'fixed',
  under_investigation: 'under-investigation',
}

/** Statements of an OpenVEX document; a product is a package URL or a CPE name. */
export function parseOpenVex(document: unknown, hint: SbomHint = {}): readonly VexStatement[] {
  if (!textAt(document, '@context').includes('openvex')) {
    throw new BadDocument('This is not an OpenVEX document: @context does not name openvex.')
  }
  const id = textAt(document, '@id') || 'openvex'
  const author = textAt(document, 'author') || 'OpenVEX'
  const day = dayOf(textAt(document, 'timestamp')) ?? '1970-01-01'
  return objectsAt(document, 'statements').flatMap((one, index) => {
    const status = OPEN_STATES[textAt(one, 'status')]
    const cve = textAt(one, 'vulnerability', 'name') || textAt(one, 'vulnerability')
    if (status === undefined || cve === '') return []
    const named = [
      ...objectsAt(one, 'products'),
      ...listAt(one, 'products').map((text) => ({ '@id': text })),
    ]
    const justification = textAt(one, 'justification')
    return named.map((product, place) => {
      const known = nameOf(product)
      const [part] = objectsAt(product, 'subcomponents')
      return statementOf({
        id: `${id}/${index}/${place}`,
        source: author,
        published: dayOf(textAt(one, 'timestamp')) ?? day,
        cves: [cve],
        manufacturer: hint.manufacturer ?? known.maker,
        model: hint.model ?? known.model,
        range: hint.version ?? (known.version || 'vers:all/*'),
        ...(part !== undefined && { component: nameOf(part).model }),
        status,
        ...(justification !== '' && { justification }),
      })
    })
  })
}

function statementOf(one: VexStatement): VexStatement {
  return one
}

interface Named {
  readonly maker: string
  readonly model: string
  readonly version: string
}

/** Maker, name and version out of a package URL or a CPE 2.3 name. */
function nameOf(product: object): Named {
  const texts = [
    textAt(product, 'identifiers', 'cpe23'),
    textAt(product, 'identifiers', 'purl'),
    textAt(product, '@id'),
  ].filter((text) => text !== '')
  for (const text of texts) {
    const cpe = /^cpe:2\.3:[aho]:([^:]*):([^:]*):([^:]*):/.exec(text)
    if (cpe) return { maker: spoken(cpe[1]), model: spoken(cpe[2]), version: spoken(cpe[3]) }
    const purl = /^pkg:[^/]+\/(?:(.+)\/)?([^/@?#]+)(?:@([^?#]+))?/.exec(text)
    if (purl) return { maker: spoken(purl[1]), model: spoken(purl[2]), version: spoken(purl[3]) }
  }
  return { maker: '', model: texts[0] ?? '', version: '' }
}

function spoken(text: string | undefined): string {
  const plain = decodeRef(text ?? '')
    .replaceAll('\\', '')
    .replaceAll('_', ' ')
  return plain === '*' || plain === '-' ? '' : plain
}
