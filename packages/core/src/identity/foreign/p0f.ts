import { quotePattern, type DraftOrRejection } from './draft.ts'

const HEADERS: Readonly<Record<string, readonly [header: string, field: string]>> = {
  'http:request': ['User-Agent', 'http.user-agent'],
  'http:response': ['Server', 'http.server'],
}

/** Reads p0f.fp. Signatures of TCP need what we do not observe; of HTTP those that name a system by a header are taken. */
export function readP0f(name: string, text: string): DraftOrRejection[] {
  const drafts: DraftOrRejection[] = []
  let section = ''
  let label = ''
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    const head = /^\[([\w:]+)\]$/.exec(line)
    if (head) section = head[1] ?? ''
    const found = /^(label|sig)\s*=\s*(.*)$/.exec(line)
    if (found?.[1] === 'label') label = found[2] ?? ''
    if (found?.[1] === 'sig')
      drafts.push(
        draftOf(`${name} line ${index + 1}`, drafts.length + 1, section, label, found[2] ?? ''),
      )
  }
  return drafts
}

function draftOf(
  where: string,
  number: number,
  section: string,
  label: string,
  signature: string,
): DraftOrRejection {
  const [header, field] = HEADERS[section] ?? []
  if (header === undefined || field === undefined)
    return { where, reason: `signatures of ${section || 'no section'} need what we do not observe` }
  const [, systemClass = '', system = '', flavour = ''] = label.split(':')
  if (systemClass === '!' || system === '')
    return { where, reason: 'it names a program, no system' }
  const start = signature.indexOf(`${header}=[`)
  const value = start < 0 ? '' : (signature.slice(start + header.length + 2).split(']')[0] ?? '')
  if (value === '') return { where, reason: `it asks for no text in ${header}` }
  return {
    where,
    id: `p0f-${number}`,
    field,
    pattern: quotePattern(value),
    ignoreCase: false,
    confidence: 'likely',
    claims: { os: [system, flavour].filter(Boolean).join(' ') },
    examples: [value],
  }
}
