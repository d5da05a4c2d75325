import { parseCsaf } from '../exposure/csaf.ts'
import { isObject, listAt, objectsAt, textAt } from '../exposure/json.ts'
import type { ProductStatus, VexStatement } from '../vocabulary.ts'
import { scoreVector, sortVectors } from './cvss.ts'
import { BadDocument, dayOf, isCve, type ExploitSignal, type ParsedDocument } from './facts.ts'

/** A CSAF 2.0 document of any category: advisory facts, vectors, and for the VEX profile its statements. */
export function readCsafDocument(document: unknown): ParsedDocument {
  const id = textAt(document, 'document', 'tracking', 'id').trim()
  const version = textAt(document, 'document', 'csaf_version')
  if (id === '')
    throw new BadDocument('This is not a CSAF document: document.tracking.id is missing.')
  if (version !== '' && version !== '2.0')
    throw new BadDocument(`${id} is of CSAF version ${version}; 2.0 is understood.`)
  const dates = ['initial_release_date', 'current_release_date'].map((name) =>
    dayOf(textAt(document, 'document', 'tracking', name)),
  )
  if (dates.includes(undefined)) throw new BadDocument(`${id} has no date of release that is one.`)
  const { advisory, repairs } = parseCsaf(document)
  const statements = isVex(document) ? statementsOf(document, advisory.products, id) : []
  const isDraft = textAt(document, 'document', 'tracking', 'status') === 'draft'
  return {
    facts: {
      advisories: isDraft ? [] : [advisory],
      signals: signalsOf(document, advisory.source),
      statements: isDraft ? [] : statements,
    },
    date: textAt(document, 'document', 'tracking', 'current_release_date'),
    bad: [],
    notes: isDraft ? [`${id} is a draft: nothing is concluded from it`] : repairs,
  }
}

function isVex(document: unknown): boolean {
  return (
    textAt(document, 'document', 'category')
      .replaceAll(/[^a-z]/gi, '')
      .toLowerCase() === 'csafvex'
  )
}

function signalsOf(document: unknown, source: string): readonly ExploitSignal[] {
  return objectsAt(document, 'vulnerabilities').flatMap((one) => {
    const cve = textAt(one, 'cve')
    const vectors = objectsAt(one, 'scores').flatMap((score) =>
      ['cvss_v4', 'cvss_v3', 'cvss_v2'].flatMap((name) => {
        const stated: unknown = Reflect.get(Object(Reflect.get(score, name)), 'baseScore')
        const base = typeof stated === 'number' ? stated : undefined
        return scoreVector(textAt(score, name, 'vectorString'), base, source) ?? []
      }),
    )
    return isCve(cve) && vectors.length > 0 ? [{ cve, vectors: sortVectors(vectors) }] : []
  })
}

const STATES: Readonly<Record<string, ProductStatus>> = {
  known_affected: 'affected',
  known_not_affected: 'not-affected',
  fixed: 'fixed',
  under_investigation: 'under-investigation',
}

function statementsOf(
  document: unknown,
  products: readonly { pid: string; vendor: string; product: string; range: string }[],
  id: string,
): readonly VexStatement[] {
  const byPid = new Map(products.map((one) => [one.pid, one]))
  const source = textAt(document, 'document', 'publisher', 'name')
  const published = textAt(document, 'document', 'tracking', 'current_release_date').slice(0, 10)
  return objectsAt(document, 'vulnerabilities').flatMap((one) => {
    const cve = textAt(one, 'cve') || textAt(objectsAt(one, 'ids')[0], 'text')
    const flags = objectsAt(one, 'flags')
    return Object.entries(STATES).flatMap(([name, status]) =>
      listAt(one, 'product_status', name).flatMap((pid) => {
        const product = byPid.get(pid)
        if (product === undefined || !isObject(one)) return []
        const justification = flags.find((flag) => listAt(flag, 'product_ids').includes(pid))
        return [
          {
            id: `${id}/${cve}/${pid}`,
            source,
            published,
            cves: [cve],
            manufacturer: product.vendor,
            model: product.product,
            range: product.range,
            status,
            ...(justification !== undefined && { justification: textAt(justification, 'label') }),
          },
        ]
      }),
    )
  })
}
