// Holds what the product claims of devices against what they are, and writes the tables of docs/accuracy.md.
//
//   node scripts/accuracy.ts [FOLDER] [--list] [--fit] [--no-docs]
//
// FOLDER holds captures of others with device-truth.tsv; without it only the lab is measured. --list prints each wrong or
// missing claim. --fit writes the weights of evidence anew. Ends with 1 when a target is missed.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadContent } from '../packages/server/src/content/load.ts'
import { fitWeights } from './accuracy/fit.ts'
import { judgeHeldOut, judgeUnheardOf } from './accuracy/hold-out.ts'
import type { Outcome } from './accuracy/judge.ts'
import { describeIdentity, missesOf, writeIdentity, type Series } from './accuracy/report.ts'
import { judgeSamples, questionsOf, readSamples } from './accuracy/samples.ts'
import { readLabelledTruth, readLabTruth, readOwnLabels } from './accuracy/truth.ts'
import { writeWeights } from './accuracy/weights-file.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    fit: { type: 'boolean', default: false },
    'no-docs': { type: 'boolean', default: false },
  },
})
const [folder = '../shared/captures'] = positionals
const isThere = existsSync(folder)
if (!isThere) console.log(`${folder}: there is no such folder, so only the lab is measured`)

const { knowledge } = await loadContent('content')
const { vocabulary } = knowledge
const devices = [
  ...readLabTruth('captures/lab'),
  ...(isThere ? readLabelledTruth(folder, vocabulary) : []),
  ...(isThere ? readOwnLabels('scripts/accuracy/labels.tsv', folder, vocabulary) : []),
]
const samples = await readSamples(devices)

if (values.fit) {
  const questions = questionsOf(samples, { ...knowledge, weights: undefined })
  writeWeights('content/calibration/identity-weights.yaml', fitWeights(questions), questions.length)
  console.log('content/calibration/identity-weights.yaml is written; run again without --fit')
  process.exit(0)
}

const outcomes = judgeSamples(samples, knowledge)
const heldOut = judgeHeldOut(samples, knowledge)
const unheardOf = judgeUnheardOf(samples, knowledge)
const of = (list: readonly Outcome[], ...sets: string[]) =>
  list.filter(({ device }) => sets.includes(device.set))
const series: Series[] = [
  { name: 'lab and labelled', outcomes: of(outcomes, 'lab', 'labelled'), isTarget: true },
  { name: 'lab and labelled, held out', outcomes: of(heldOut, 'lab', 'labelled'), isTarget: true },
  { name: 'lab', outcomes: of(outcomes, 'lab'), isTarget: false },
  { name: 'labelled', outcomes: of(outcomes, 'labelled'), isTarget: false },
  { name: 'labelled, unheard of', outcomes: of(unheardOf, 'labelled'), isTarget: false },
  { name: 'read', outcomes: of(outcomes, 'read'), isTarget: false },
  { name: 'all, held out', outcomes: heldOut, isTarget: false },
].filter((each) => each.outcomes.length > 0)

// Where the folder lies on this machine is nobody's business.
const section = describeIdentity(series, 'npm run accuracy -- ../shared/captures')
console.log(section)
if (values.list) for (const line of wrongLines(outcomes)) console.log(line)
if (isThere && !values['no-docs']) writeIdentity('docs/accuracy.md', section)
const misses = series.filter(({ isTarget }) => isTarget).flatMap(missesOf)
for (const miss of misses) console.log(`MISSED  ${miss}`)
console.log(misses.length === 0 ? 'All targets are met.' : `${misses.length} targets are missed.`)
process.exitCode = misses.length === 0 ? 0 : 1

/** Each wrong or missing claim once, however many captures show it. */
function wrongLines(list: readonly Outcome[]): string[] {
  const wrong = list.filter(({ isRight }) => !isRight)
  const lines = wrong.map(({ device, attribute, truth, claimed, confidence }) =>
    [device.set, device.name, attribute, truth, claimed ?? '-', confidence.toFixed(2)].join('\t'),
  )
  return [...new Set(lines)].toSorted()
}
