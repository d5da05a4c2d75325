import {
  checkDrafts,
  readFingerbank,
  readP0f,
  readRecog,
  readSatori,
  type DraftOrRejection,
  type ForeignContent,
  type Vocabulary,
} from '@wardkeeper/core'
import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { dump } from 'js-yaml'
import { loadContent } from '../content/load.ts'
import { UnreadableInput } from '../sensor/capture-source.ts'
import type { ForeignFormat } from './foreign-formats.ts'
import { formatCount } from './terminal.ts'

export interface ContentImportOptions {
  readonly data: string
  readonly dryRun?: boolean
  readonly reasons?: boolean
  readonly json?: boolean
}

type Reader = (name: string, text: string, vocabulary: Vocabulary) => DraftOrRejection[]

const READERS: Readonly<Record<ForeignFormat, { readonly ending: RegExp; readonly read: Reader }>> =
  {
    recog: { ending: /\.xml$/i, read: readRecog },
    satori: { ending: /\.xml$/i, read: readSatori },
    p0f: { ending: /\.fp$/i, read: readP0f },
    fingerbank: { ending: /\.(?:conf|txt)$/i, read: readFingerbank },
  }

/** Larger files are no list of fingerprints. */
const MOST_BYTES = 64 << 20

/** Takes over the fingerprints of a database of others; answers with the exit code, 1 when nothing could be taken. */
export async function importContent(
  format: ForeignFormat,
  path: string,
  contentFolder: string,
  options: ContentImportOptions,
): Promise<number> {
  const { knowledge } = await loadContent(contentFolder)
  const { ending, read } = READERS[format]
  const drafts: DraftOrRejection[] = []
  for (const file of await filesOf(path, ending))
    drafts.push(...read(basename(file), await readFile(file, 'utf8'), knowledge.vocabulary))
  const content = checkDrafts(drafts, knowledge.vocabulary)
  const folder = join(options.data, 'content/fingerprints', format)
  const isWritten = options.dryRun !== true && content.accepted > 0
  if (isWritten) await replaceFolder(folder, content.files, format)
  report(content, drafts.length, folder, isWritten, options)
  return content.accepted > 0 ? 0 : 1
}

async function filesOf(path: string, ending: RegExp): Promise<string[]> {
  if (!existsSync(path)) throw new UnreadableInput(`${path}: there is no such file or folder`)
  const files = statSync(path).isDirectory()
    ? (await readdir(path))
        .filter((name) => ending.test(name))
        .toSorted()
        .map((name) => join(path, name))
    : [path]
  if (files.length === 0)
    throw new UnreadableInput(`${path}: no file in it has the ending ${ending.source}`)
  const large = files.find((file) => statSync(file).size > MOST_BYTES)
  if (large !== undefined)
    throw new UnreadableInput(`${large}: is larger than any list of fingerprints`)
  return files
}

/** Writes beside and swaps, so that a crash leaves the old entries or the new ones. */
async function replaceFolder(
  folder: string,
  files: ForeignContent['files'],
  format: string,
): Promise<void> {
  const fresh = `${folder}.new`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { recursive: true })
  for (const [field, entries] of Object.entries(files)) {
    const head = `# Taken over from your copy of ${format} by \`wardkeeper content import\`.\n`
    await writeFile(join(fresh, `${field}.yaml`), head + dump(entries, { lineWidth: -1 }))
  }
  await rm(folder, { recursive: true, force: true })
  await rename(fresh, folder)
}

function report(
  { accepted, rejected, files }: ForeignContent,
  read: number,
  folder: string,
  isWritten: boolean,
  options: ContentImportOptions,
): void {
  const print = (line: string) => process.stdout.write(`${line}\n`)
  if (options.json === true) {
    const reasons = options.reasons === true ? { reasons: rejected } : {}
    print(JSON.stringify({ read, accepted, rejected: rejected.length, isWritten, ...reasons }))
    return
  }
  print(
    `${formatCount(read, 'fingerprint')} read, ${accepted} taken over, ${rejected.length} left out`,
  )
  for (const [field, entries] of Object.entries(files)) print(`  ${field}: ${entries.length}`)
  const groups = Map.groupBy(rejected, ({ reason }) => reason.replace(/: .*$/s, ''))
  const byCount = [...groups].toSorted(([, one], [, other]) => other.length - one.length)
  if (rejected.length > 0) print('Left out:')
  if (options.reasons === true)
    for (const { where, reason } of rejected) print(`  ${where}: ${reason}`)
  else for (const [reason, group] of byCount) print(`  ${group.length}: ${reason}`)
  if (isWritten) print(`Written to ${folder}; used from the next start on.`)
  else if (accepted > 0) print('Nothing was written.')
  else print('Nothing was taken over: is it a database of that format? --reasons says more.')
}
