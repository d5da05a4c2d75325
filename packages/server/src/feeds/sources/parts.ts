import {
  BadDocument,
  objectsAt,
  parseCycloneDx,
  parseCycloneVex,
  parseOpenVex,
  parseSpdx,
  parseSpdxTagValue,
  readCsafDocument,
  textAt,
  type FeedFacts,
  type ParsedDocument,
  type SbomHint,
} from '@wardkeeper/core'
import { XMLParser } from 'fast-xml-parser'
import { decodeJson, decodeText } from '../decode.ts'
import type { Feed } from '../feed.ts'
import { fetchNothing } from './simple.ts'

const MAX = 100_000_000

/** Bills of materials and statements of exploitability (CycloneDX, SPDX, OpenVEX, CSAF VEX) in any of their forms. */
export function parseParts(bytes: Uint8Array, hint: SbomHint = {}): ParsedDocument {
  const text = decodeText(bytes)
  const start = text.trimStart()
  if (start.startsWith('{')) return fromJson(decodeJson(bytes), hint)
  if (start.startsWith('<')) return whole({ sboms: [fromXml(text, hint)] })
  if (/^\s*SPDXVersion:/m.test(text)) return whole({ sboms: [parseSpdxTagValue(text, hint)] })
  throw new BadDocument(
    'This is neither CycloneDX nor SPDX nor VEX: JSON, XML and tag-value are understood.',
  )
}

function whole(facts: Partial<FeedFacts>): ParsedDocument {
  return { facts, bad: [] }
}

function fromJson(document: unknown, hint: SbomHint): ParsedDocument {
  if (textAt(document, 'document', 'tracking', 'id') !== '') return readCsafDocument(document)
  if (textAt(document, 'spdxVersion') !== '') return whole({ sboms: [parseSpdx(document, hint)] })
  if (textAt(document, '@context') !== '')
    return whole({ statements: parseOpenVex(document, hint) })
  const statements = parseCycloneVex(document, hint)
  const hasParts = objectsAt(document, 'components').length > 0
  return whole({
    statements,
    ...((hasParts || statements.length === 0) && { sboms: [parseCycloneDx(document, hint)] }),
  })
}

function fromXml(text: string, hint: SbomHint) {
  let tree: unknown
  try {
    tree = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@_',
      parseTagValue: false,
      processEntities: false,
      removeNSPrefix: true,
    }).parse(text, true)
  } catch (error) {
    throw new BadDocument(
      `The XML cannot be read: ${error instanceof Error ? error.message.slice(0, 200) : ''}`,
    )
  }
  return textAt(tree, 'Document', 'spdxVersion') === ''
    ? parseCycloneDx(tree, hint)
    : parseSpdx(tree, hint)
}

/** What makers say is inside their products, and what of it can be exploited. */
export const parts: Feed = {
  id: 'sbom',
  title: 'Bills of materials and VEX',
  licence: 'Terms of the maker',
  url: undefined,
  everyHours: 24,
  staleDays: 365,
  maxBytes: MAX,
  isWhole: false,
  fetch: fetchNothing,
  parse: ({ bytes }) => parseParts(bytes),
}
