import type { Vocabulary } from '../vocabulary.ts'
import { typeOfWords } from './device-words.ts'
import { quotePattern, type DraftOrRejection } from './draft.ts'

interface Section {
  readonly kind: string
  readonly number: number
  readonly line: number
  readonly values: Map<string, string[]>
}

/** Classes of Fingerbank that are systems, not devices. */
const SYSTEMS = /windows|macintosh|linux|bsd|solaris|chrome os|android|ios|operating system/i

/** Reads the open database of Fingerbank: sections of systems with option 55 lists and vendor classes, and of classes. */
export function readFingerbank(
  name: string,
  text: string,
  vocabulary: Vocabulary,
): DraftOrRejection[] {
  const sections = sectionsOf(text)
  const classes = sections.filter(({ kind }) => kind === 'class')
  return sections
    .filter(({ kind }) => kind === 'os')
    .flatMap((section) => draftsOf(name, section, classNameOf(classes, section.number), vocabulary))
}

function sectionsOf(text: string): Section[] {
  const sections: Section[] = []
  let open: { readonly end: string; readonly list: string[] } | undefined
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (open) {
      if (line === open.end) open = undefined
      else if (line !== '') open.list.push(line)
      continue
    }
    const head = /^\[(os|class) (\d+)\]$/i.exec(line)
    if (head)
      sections.push({
        kind: (head[1] ?? '').toLowerCase(),
        number: Number(head[2]),
        line: index + 1,
        values: new Map(),
      })
    const found = /^(\w+)\s*=\s*(.*)$/.exec(line)
    if (!found || line.startsWith('#')) continue
    const list: string[] = []
    sections.at(-1)?.values.set(found[1] ?? '', list)
    const here = /^<<\s*(\w+)$/.exec(found[2] ?? '')
    if (here) open = { end: here[1] ?? '', list }
    else list.push(found[2] ?? '')
  }
  return sections
}

/** The class whose members, `100-199`, hold the number. */
function classNameOf(classes: readonly Section[], number: number): string {
  const own = classes.find(({ values }) =>
    (values.get('members') ?? [])
      .join(',')
      .split(',')
      .some((range) => {
        const [from = NaN, until = from] = range.split('-').map(Number)
        return number >= from && number <= until
      }),
  )
  return own?.values.get('description')?.[0] ?? ''
}

function draftsOf(
  name: string,
  { number, line, values }: Section,
  className: string,
  vocabulary: Vocabulary,
): DraftOrRejection[] {
  const description = values.get('description')?.[0] ?? ''
  const where = `${name} line ${line} (${description || `os ${number}`})`
  const words = description.split(/[\s/,]+/)
  const maker = words
    .map((_, count) => vocabulary.manufacturerOf(words.slice(0, count + 1).join(' '))?.name)
    .findLast((found) => found !== undefined)
  const type =
    typeOfWords(className, vocabulary) ??
    typeOfWords(className.replace(/s(?:\/.*)?$/, ''), vocabulary)
  const claims = SYSTEMS.test(className)
    ? { os: description }
    : {
        ...(maker === undefined ? {} : { manufacturer: maker }),
        ...(type === undefined ? {} : { type }),
      }
  const lists = [
    ...(values.get('fingerprints') ?? []).map((value) => ['dhcp.parameter-list', value] as const),
    ...(values.get('vendor_id') ?? []).map((value) => ['dhcp.vendor-class', value] as const),
  ]
  if (lists.length === 0) return [{ where, reason: 'it has no option list and no vendor class' }]
  return lists.map(([field, value], at) => ({
    where,
    id: `fingerbank-${number}-${at + 1}`,
    field,
    pattern: `^${quotePattern(value)}$`,
    ignoreCase: false,
    confidence: 'likely' as const,
    claims,
    examples: [value],
  }))
}
