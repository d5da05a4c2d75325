import type { Vocabulary } from '../vocabulary.ts'
import { typeOfWords } from './device-words.ts'
import { quotePattern, type DraftOrRejection } from './draft.ts'
import { readTags } from './tags.ts'

/** Attributes of a DHCP test in Satori, by our field. */
const TESTED: Readonly<Record<string, string>> = {
  dhcpoption55: 'dhcp.parameter-list',
  dhcpoptions: 'dhcp.options',
  dhcpvendorcode: 'dhcp.vendor-class',
}

/** Reads a file of Satori; of its tests those of DHCP are about what we observe. */
export function readSatori(name: string, xml: string, vocabulary: Vocabulary): DraftOrRejection[] {
  const drafts: DraftOrRejection[] = []
  let os: Readonly<Record<string, string>> = {}
  for (const { name: tag, attributes, isEnd } of readTags(xml)) {
    if (isEnd) continue
    if (tag === 'fingerprint') os = attributes
    if (tag !== 'test') continue
    const where = `${name} test ${drafts.length + 1} (${os['os_name'] ?? os['name'] ?? 'no name'})`
    drafts.push(draftOf(where, `satori-${drafts.length + 1}`, attributes, os, vocabulary))
  }
  return drafts
}

function draftOf(
  where: string,
  id: string,
  test: Readonly<Record<string, string>>,
  os: Readonly<Record<string, string>>,
  vocabulary: Vocabulary,
): DraftOrRejection {
  const [attribute, field] = Object.entries(TESTED).find(([key]) => test[key]) ?? []
  if (attribute === undefined || field === undefined)
    return { where, reason: 'it tests what we do not observe' }
  const value = test[attribute] ?? ''
  const isWhole = (test['matchtype'] ?? 'exact') === 'exact'
  const type = typeOfWords(os['device_type'], vocabulary)
  const maker = os['device_vendor']
  const system = os['os_name'] ?? os['name']
  return {
    where,
    id,
    field,
    pattern: isWhole ? `^${quotePattern(value)}$` : quotePattern(value),
    ignoreCase: false,
    confidence: 'likely',
    claims: {
      ...(maker ? { manufacturer: maker } : {}),
      ...(type === undefined ? {} : { type }),
      ...(system ? { os: system } : {}),
    },
    examples: [value],
  }
}
