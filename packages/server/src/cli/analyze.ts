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
  const totals: Totals = { frames: 0, flows: 0, observations: 0 }
  const { facts, problems, rejections } = await readAll(inputs, options, output, totals)
  const assets = assemble(facts, knowledge)
  output?.finish(assets)
  const seconds = (performance.now() - started) / 1000
  const isUnreadable = problems.some(({ problem }) => problem.kind === 'unreadable')
  if (options.json === true) printSummary(assets, totals, seconds)
  else if (options.quiet !== true) printTable(assets, totals, seconds)
  for (const { name, problem } of problems) {
    const what = problem.kind === 'cut' ? 'used up to byte' : 'cannot be read from byte'
    process.stderr.write(`wardkeeper: ${name}: ${what} ${problem.offset}: ${problem.reason}\n`)
  }
  for (const line of rejections) process.stderr.write(`wardkeeper: ${line}\n`)
  return isUnreadable ? 3 : 0
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
    for (const fact of reducer.takeInPlace()) facts.push(fact)
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
export function assemble(facts: readonly ObservedFact[], knowledge: Knowledge): AnalyzedAsset[] {
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
  return [...groups].map(([id, group]) => {
    const valuesOf = (kind: string) => [
      ...new Set(
        (keys.get(id) ?? [])
          .filter((link) => link.kind === kind)
          .map(({ key }) => key.slice(kind.length + 1)),
      ),
    ]
    const macs = valuesOf('mac')
    return { id, macs, ips: valuesOf('ip'), ...identify(group, knowledge, macs) }
  })
}

function printSummary(assets: readonly AnalyzedAsset[], totals: Totals, seconds: number): void {
  const identified = assets.filter(isIdentified).length
  process.stdout.write(
    `${JSON.stringify({ assets: assets.length, identified, ...totals, seconds: Number(seconds.toFixed(3)) })}\n`,
  )
}

function isIdentified({ claims }: AnalyzedAsset): boolean {
  return claims.some(({ attribute }) => attribute === 'type' || attribute === 'model')
}

function printTable(assets: readonly AnalyzedAsset[], totals: Totals, seconds: number): void {
  const rows = assets.map((asset) => {
    const claim = (attribute: string) => asset.claims.find((item) => item.attribute === attribute)
    const type = claim('type') ?? claim('category')
    return [
      labelOf(asset.claims, asset.names, asset.ips, asset.macs),
      type?.value ?? 'unknown',
      claim('manufacturer')?.value ?? 'unknown',
      claim('firmware')?.value ?? '',
      type === undefined ? '' : type.confidence.toFixed(2),
      asset.ips.slice(0, 2).join(' ') + (asset.ips.length > 2 ? ` +${asset.ips.length - 2}` : ''),
      asset.macs.slice(0, 1).join(' ') +
        (asset.macs.length > 1 ? ` +${asset.macs.length - 1}` : ''),
    ]
  })
  process.stdout.write(
    table(['Device', 'Type', 'Maker', 'Version', 'Sure', 'Address', 'MAC'], rows),
  )
  const { frames, flows, observations } = totals
  const rate = seconds > 0 ? Math.round(frames / seconds) : 0
  process.stdout.write(
    paint(
      'dim',
      `\n${formatCount(assets.length, 'device')} in ${formatCount(frames, 'frame')}, ${formatCount(flows, 'flow')}, ${formatCount(observations, 'observation')}; ${seconds.toFixed(1)} s, ${rate.toLocaleString('en')} frames/s\n`,
    ),
  )
}
