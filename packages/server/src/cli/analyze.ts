import {
  identify,
  labelOf,
  resolve,
  type Claim,
  type Knowledge,
  type ObservedFact,
} from '@wardkeeper/core'
import type { FlowRecord } from '@wardkeeper/dissect'
import { loadKnowledge } from '../content/knowledge.ts'
import { FactReducer } from '../sensor/reduce.ts'
import {
  findInputs,
  FlowNumbering,
  type Input,
  type InputOutcome,
  readInput,
} from '../sensor/sources/inputs.ts'
import { openOutput, type Output, writeFlow, writeObservation } from './analyze-output.ts'
import { formatCount, paint, Progress, table } from './terminal.ts'

export interface AnalyzeOptions {
  readonly out?: string
  readonly quiet?: boolean
  readonly json?: boolean
  readonly sensor: string
}

/** A device as `assets.jsonl` carries it. */
export interface AnalyzedAsset {
  readonly id: string
  readonly macs: readonly string[]
  readonly ips: readonly string[]
  readonly names: Readonly<Record<string, string>>
  readonly claims: readonly Claim[]
}

interface Totals {
  frames: number
  flows: number
  observations: number
  assets: number
  identified: number
}

/**
 * Analyses captures without a database. Answers with the exit code: 0, or 3 when an input could not be read
 * (the others are still analysed). Throws `UnreadableInput` when a named path is not there at all.
 */
export async function analyze(
  paths: readonly string[],
  contentFolder: string,
  options: AnalyzeOptions,
): Promise<number> {
  const started = performance.now()
  const inputs = await findInputs(paths)
  if (inputs.length === 0) {
    process.stderr.write(
      `wardkeeper: no capture (pcap, pcapng, gz, zst) and no known log in ${paths.join(', ')}\n`,
    )
    return 3
  }
  const knowledge = await loadKnowledge(contentFolder)
  const output = options.out === undefined ? undefined : openOutput(options.out)
  const totals: Totals = { frames: 0, flows: 0, observations: 0, assets: 0, identified: 0 }
  const { facts, problems, rejections } = await readAll(inputs, options, output, totals)
  letGo(totals.frames)
  const isTable = options.json !== true && options.quiet !== true
  const rows: string[][] = []
  // Written as soon as it is known: with its evidence a device is kept no longer than that.
  for (const asset of assemble(facts, knowledge)) {
    totals.assets++
    if (isIdentified(asset)) totals.identified++
    if (isTable) rows.push(rowOf(asset))
    output?.writeAsset(asset)
  }
  output?.close()
  const seconds = (performance.now() - started) / 1000
  const isUnreadable = problems.some(({ problem }) => problem.kind === 'unreadable')
  if (options.json === true) printSummary(totals, seconds)
  else if (isTable) printTable(rows, totals, seconds)
  for (const { name, problem } of problems) {
    const what = problem.kind === 'cut' ? 'used up to byte' : 'cannot be read from byte'
    process.stderr.write(`wardkeeper: ${name}: ${what} ${problem.offset}: ${problem.reason}\n`)
  }
  for (const line of rejections) process.stderr.write(`wardkeeper: ${line}\n`)
  return isUnreadable ? 3 : 0
}

/** From so many frames on, what reading held is worth the thirty milliseconds that it takes to let it go at once. */
const MANY_FRAMES = 500_000

/** Has memory collected where Node was started so that it can be asked (`ANALYZE_FLAGS`). */
function letGo(frames: number): void {
  if (frames >= MANY_FRAMES) globalThis.gc?.()
}

interface Problem {
  readonly name: string
  readonly problem: NonNullable<InputOutcome['problem']>
}

async function readAll(
  inputs: readonly Input[],
  options: AnalyzeOptions,
  output: Output | undefined,
  totals: Totals,
): Promise<{ facts: ObservedFact[]; problems: Problem[]; rejections: string[] }> {
  const total = inputs.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
  const progress = new Progress(total, options.quiet !== true && options.json !== true)
  const facts: ObservedFact[] = []
  const problems: Problem[] = []
  const rejections: string[] = []
  const numbering = new FlowNumbering()
  let done = 0
  for (const input of inputs) {
    const { sensor } = options
    const reducer = new FactReducer({ sensor, siteId: 'main', file: input.name })
    const firstFlow = numbering.baseOf(input)
    const outcome = await readInput(input, {
      onObservation(observation) {
        totals.observations++
        reducer.add(observation)
        numbering.note(firstFlow + observation.flow)
        if (output) writeObservation(output.observations, observation, sensor, firstFlow)
      },
      onFlow(flow: FlowRecord) {
        totals.flows++
        numbering.note(firstFlow + flow.id)
        if (output) writeFlow(output.flows, flow, sensor, firstFlow)
      },
      onProgress: ({ frames, position }) =>
        progress.show(done + position, totals.frames + frames, input.name),
    })
    done += input.bytes ?? 0
    totals.frames += outcome.frames
    letGo(outcome.frames)
    for (const fact of reducer.take()) facts.push(fact)
    if (outcome.problem !== undefined) problems.push({ name: input.path, problem: outcome.problem })
    rejections.push(...describeRejections(input.path, outcome))
  }
  progress.end()
  return { facts, problems, rejections }
}

/** Lines of a log that could not be read, in one sentence; empty when all could. */
function describeRejections(path: string, { rejected, counters }: InputOutcome): string[] {
  const [first] = rejected ?? []
  if (first === undefined) return []
  const count = formatCount(counters.rejectedLines ?? 0, 'line')
  return [`${path}: ${count} could not be read; the first is line ${first.line}: ${first.reason}`]
}

/** Ties facts to devices and claims what each device is; numbered in order of first sight, so runs are alike. */
function* assemble(facts: readonly ObservedFact[], knowledge: Knowledge): Generator<AnalyzedAsset> {
  let count = 0
  const { assetOf, linked, merged } = resolve(facts, [], () => `device-${++count}`)
  const survivors = new Map(merged.map(({ from, into }) => [from, into]))
  const survivor = (id: string): string => {
    const into = survivors.get(id)
    return into === undefined ? id : survivor(into)
  }
  const groups = new Map<string, ObservedFact[]>()
  facts.forEach((fact, index) => {
    const id = assetOf[index]
    if (id === undefined) return
    const group = groups.get(survivor(id))
    if (group === undefined) groups.set(survivor(id), [fact])
    else group.push(fact)
  })
  const keys = Map.groupBy(linked, ({ assetId }) => survivor(assetId))
  for (const [id, group] of groups) {
    const valuesOf = (kind: string) => [
      ...new Set(
        (keys.get(id) ?? [])
          .filter((link) => link.kind === kind)
          .map(({ key }) => key.slice(kind.length + 1)),
      ),
    ]
    const macs = valuesOf('mac')
    yield { id, macs, ips: valuesOf('ip'), ...identify(group, knowledge, macs) }
  }
}

function printSummary({ assets, identified, ...read }: Totals, seconds: number): void {
  process.stdout.write(
    `${JSON.stringify({ assets, identified, ...read, seconds: Number(seconds.toFixed(3)) })}\n`,
  )
}

function isIdentified({ claims }: AnalyzedAsset): boolean {
  return claims.some(({ attribute }) => attribute === 'type' || attribute === 'model')
}

function rowOf({ claims, names, ips, macs }: AnalyzedAsset): string[] {
  const claim = (attribute: string) => claims.find((item) => item.attribute === attribute)
  const type = claim('type') ?? claim('category')
  return [
    labelOf(claims, names, ips, macs),
    type?.value ?? 'unknown',
    claim('manufacturer')?.value ?? 'unknown',
    claim('firmware')?.value ?? '',
    type === undefined ? '' : type.confidence.toFixed(2),
    ips.slice(0, 2).join(' ') + (ips.length > 2 ? ` +${ips.length - 2}` : ''),
    macs.slice(0, 1).join(' ') + (macs.length > 1 ? ` +${macs.length - 1}` : ''),
  ]
}

function printTable(rows: readonly string[][], totals: Totals, seconds: number): void {
  process.stdout.write(
    table(['Device', 'Type', 'Maker', 'Version', 'Sure', 'Address', 'MAC'], rows),
  )
  const { frames, flows, observations, assets } = totals
  const rate = seconds > 0 ? Math.round(frames / seconds) : 0
  process.stdout.write(
    paint(
      'dim',
      `\n${formatCount(assets, 'device')} in ${formatCount(frames, 'frame')}, ${formatCount(flows, 'flow')}, ${formatCount(observations, 'observation')}; ${seconds.toFixed(1)} s, ${rate.toLocaleString('en')} frames/s\n`,
    ),
  )
}
