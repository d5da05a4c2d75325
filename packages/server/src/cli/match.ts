import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import {
  indexAdvisories,
  match,
  stalenessOf,
  verdictToShow,
  whyAbsenceIsUnknown,
  type AdvisoryIndex,
  type Device,
  type Staleness,
} from '@wardkeeper/core'
import { z } from 'zod'
import { loadContent } from '../content/load.ts'
import { readAdvisories, readRecalls } from './match-input.ts'
import { paint } from './terminal.ts'

export interface MatchOptions {
  readonly advisories?: string
  readonly recalls?: string
  readonly json?: boolean
  readonly all?: boolean
  /** ISO date that the advisories and recalls are of. */
  readonly feedDate?: string
  /** Days after which they clear no device any more. */
  readonly staleAfter?: number
}

const WRONG_LINES = 3
/** As the feed of the same advisories has it. */
const STALE_DAYS = 14

const word = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => (value === null || value?.trim() === '' ? undefined : value?.trim()))

const line = z.object({
  manufacturer: z.string().trim().min(1),
  model: z.string().trim().min(1),
  version: word,
  serial: word,
  lot: word,
  udi: word,
  catalogue: word,
  os: word,
  components: z.record(z.string(), z.string()).optional(),
})

/**
 * Reads devices as JSON Lines from standard input and says for each which advisories name it. Without a database;
 * one line is answered before the next is read. Answers with the exit code: 0, or 3 when a line or document was bad.
 */
export async function matchDevices(contentFolder: string, options: MatchOptions): Promise<number> {
  const content = await loadContent(contentFolder)
  const read =
    options.advisories === undefined ? undefined : readAdvisories(path.resolve(options.advisories))
  const recalls =
    options.recalls === undefined ? undefined : readRecalls(path.resolve(options.recalls))
  const problems = [...(read?.problems ?? []), ...(recalls?.problems ?? [])]
  for (const problem of problems) complain(problem)
  const advisories = [...(read?.advisories ?? content.advisories), ...(recalls?.advisories ?? [])]
  const index = indexAdvisories(advisories, content.knowledge.vocabulary)
  const bad = await answerLines(index, options, ageOf(options, content.advisoryDate))
  return problems.length + bad > 0 ? WRONG_LINES : 0
}

/** How old what devices are held against is; undefined where nobody said of what day it is. */
function ageOf(
  { advisories, feedDate, staleAfter = STALE_DAYS }: MatchOptions,
  bundledDate: string | undefined,
): Staleness | undefined {
  const date = feedDate ?? (advisories === undefined ? bundledDate : undefined)
  if (date === undefined) return undefined
  const age = { id: 'match', title: 'the list of advisories', lastSuccess: undefined }
  return stalenessOf({ ...age, dataTime: Date.parse(date), staleDays: staleAfter }, Date.now())
}

async function answerLines(
  index: AdvisoryIndex,
  options: MatchOptions,
  age: Staleness | undefined,
): Promise<number> {
  let number = 0
  let bad = 0
  for await (const text of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    number++
    if (text.trim() === '') continue
    const read = readDevice(text)
    if (typeof read === 'string') {
      bad++
      complain(`line ${number}: ${read}`)
      continue
    }
    const answer = answerOf(read, index, { isAll: options.all === true, age })
    const out = options.json === true ? JSON.stringify(answer) : sayAnswer(answer)
    if (!process.stdout.write(`${out}\n`)) await once(process.stdout, 'drain')
  }
  return bad
}

type Given = z.infer<typeof line>

/** The device of a line, or what is wrong with it. */
function readDevice(text: string): Given | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'is not JSON. One device a line is wanted: {"manufacturer": "...", "model": "..."}'
  }
  const result = line.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue?.path.join('.') ?? ''
  return where === '' ? 'is not a JSON object' : `"${where}" is missing or not a text`
}

/** Only what is known: an empty field is an unknown one. */
function deviceOf({ components, ...words }: Given): Device {
  const { manufacturer, model, ...rest } = words
  const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return { manufacturer, model, ...known, ...(components !== undefined && { components }) }
}

interface Answer {
  readonly device: Device
  readonly findings: readonly {
    readonly advisory: string
    readonly kind: string
    readonly cves: readonly string[]
    readonly verdict: string
    readonly because: { readonly reason: string; readonly pid: string; readonly product: string }
    readonly missing?: string
  }[]
  /** Why it means nothing that no other advisory names the device. */
  readonly unknown?: string
}

function answerOf(
  given: Given,
  index: AdvisoryIndex,
  { isAll, age }: { readonly isAll: boolean; readonly age: Staleness | undefined },
): Answer {
  const device = deviceOf(given)
  const found = match(device, index).filter(({ verdict }) => isAll || verdict !== 'not-affected')
  const findings = found.map(({ advisoryId, cves, verdict, because, matcher, missing }) => {
    const { verdict: shown, reason } = verdictToShow(verdict, age)
    const why = reason === undefined ? because.reason : `${reason} Before: ${because.reason}`
    return {
      advisory: advisoryId,
      kind: matcher,
      cves,
      verdict: shown,
      because: { ...because, reason: why },
      ...(missing !== undefined && { missing }),
    }
  })
  const unknown = age === undefined ? undefined : whyAbsenceIsUnknown([age])
  return { device, findings, ...(unknown !== undefined && { unknown }) }
}

function sayAnswer({ device, findings, unknown }: Answer): string {
  const { manufacturer, model, version } = device
  const head = [manufacturer, model, version ?? '(version unknown)'].join(' ')
  const rest = unknown === undefined ? [] : [`  others  unknown  ${unknown}`]
  if (findings.length === 0) return [head, '  no advisory names it', ...rest].join('\n')
  const lines = findings.map(
    ({ advisory, verdict, because, cves }) =>
      `  ${advisory}  ${verdict}  ${cves.length} CVEs  ${because.reason}`,
  )
  return [head, ...lines, ...rest].join('\n')
}

function complain(text: string): void {
  process.stderr.write(`${paint('red', 'wardkeeper:', process.stderr)} ${text}\n`)
}
