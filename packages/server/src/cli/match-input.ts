import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { mergeRecalls, parseCsaf, parseRecall, type Advisory } from '@wardkeeper/core'
import { UnreadableInput } from '../sensor/capture-source.ts'

/** What was read of a folder or file, and what could not be. */
export interface ReadAdvisories {
  readonly advisories: readonly Advisory[]
  readonly problems: readonly string[]
}

/** All CSAF documents of a folder and its folders, or of one file; one that is broken does not stop the others. */
export function readAdvisories(folder: string): ReadAdvisories {
  const advisories: Advisory[] = []
  const problems: string[] = []
  for (const file of filesOf(folder)) {
    const document = readJson(file, problems)
    if (document === undefined || isFeed(document)) continue
    try {
      advisories.push(parseCsaf(document).advisory)
    } catch (error) {
      problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { advisories: newestOf(advisories), problems }
}

/** Recalls as openFDA gives them: a list, or `{results: [...]}`. */
export function readRecalls(file: string): ReadAdvisories {
  const problems: string[] = []
  const content = readJson(file, problems)
  if (content === undefined) return { advisories: [], problems }
  const list = listOf(content)
  if (list === undefined) {
    const problem = `${file}: holds no recalls. A list of openFDA records, or {"results": [...]}, is wanted.`
    return { advisories: [], problems: [problem] }
  }
  const recalls = list.flatMap((record, at) => {
    const recall = parseRecall(record)
    if (recall !== undefined) return recall
    problems.push(`${file}: record ${at + 1} has no recall number or no product description`)
    return []
  })
  return { advisories: mergeRecalls(recalls), problems }
}

function listOf(content: unknown): readonly unknown[] | undefined {
  if (Array.isArray(content)) return content
  if (typeof content !== 'object' || content === null) return undefined
  const results: unknown = Reflect.get(content, 'results')
  return Array.isArray(results) ? results : undefined
}

/** Folders of advisories hold their own table of contents, which is none. */
function isFeed(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'feed' in document
}

/** Of two revisions of one advisory the later one counts. */
function newestOf(advisories: readonly Advisory[]): readonly Advisory[] {
  const byId = new Map<string, Advisory>()
  for (const advisory of advisories) {
    const before = byId.get(advisory.id)
    if (before === undefined || before.updated <= advisory.updated) byId.set(advisory.id, advisory)
  }
  return [...byId.values()]
}

function filesOf(folder: string): readonly string[] {
  try {
    if (!statSync(folder).isDirectory()) return [folder]
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => path.join(folder, name))
  } catch {
    throw new UnreadableInput(`${folder}: no such file or folder, or no leave to read it`)
  }
}

function readJson(file: string, problems: string[]): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new UnreadableInput(`${file}: no such file, or no leave to read it`)
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch {
    const kind = /^\s*</.test(text) ? 'holds a web page or XML, not JSON' : 'is not JSON'
    problems.push(`${file}: ${kind}`)
    return undefined
  }
}
