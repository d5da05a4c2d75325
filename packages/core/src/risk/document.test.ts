import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { CORE_SCHEMA, load } from 'js-yaml'
import type { RiskInputs } from './inputs.ts'
import type { RiskMethod } from './method.ts'
import { explainRisk } from './score.ts'

const ROOT = path.resolve(import.meta.dirname, '../../../..')
const text = readFileSync(path.join(ROOT, 'docs/risk.md'), 'utf8')
const method = load(readFileSync(path.join(ROOT, 'content/risk/method.yaml'), 'utf8'), {
  schema: CORE_SCHEMA,
}) as RiskMethod

test('the worked example of the documentation is what the program does', () => {
  const inputs = JSON.parse(/```json\n(.*?)```/s.exec(text)?.[1] ?? '') as RiskInputs
  const { score, factors } = explainRisk(inputs, method)
  const written = [
    ...text.matchAll(/^\| ([a-z]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$/gm),
  ]
  expect(written.map(([, id, ...numbers]) => [id, ...numbers.map(Number)])).toEqual(
    factors.map(({ id, value, low, high, points }) => [id, value, low, high, points]),
  )
  const bold = [...text.slice(text.indexOf('1. Causes')).matchAll(/\*\*(\d[\d.]*)[*,]/g)].map(
    ([, number]) => Number(number),
  )
  expect(bold.slice(0, 5)).toEqual([
    score.likelihood,
    score.impact,
    score.number,
    score.low,
    score.high,
  ])
  expect(text).toContain(`**${score.number}, ${score.band}**`)
})

test('every number that the documentation gives of a table is that of the table', () => {
  const { weights, exploit, reach, control, legacy, patient } = method
  const said = (pattern: RegExp) => Number(pattern.exec(text)?.[1])
  expect(said(/SSVC active (\d+)/)).toBe(exploit.active)
  expect(said(/proof of concept (\d+)/)).toBe(exploit.poc)
  expect(said(/^\| exploit .* (\d+) % \|$/m)).toBe(weights.exploit)
  expect(said(/^\| weakness .* (\d+) % \|$/m)).toBe(weights.weakness)
  expect(said(/^\| legacy .* (\d+) % \|$/m)).toBe(weights.legacy)
  expect(said(/^\| patient .* (\d+) % \|$/m)).toBe(weights.patient)
  expect(said(/calls out to it (\d+) %/)).toBe(reach['internet-out'])
  expect(said(/other segments \(lowers likelihood by (\d+) %\)/)).toBe(control.segmentation)
  expect(said(/not known: (\d+), with 0 at best/)).toBe(legacy.assumed)
  expect(said(/FDA class III (\d+)/)).toBe(patient['class-3'])
  expect(said(/heard for (\d+) hours/)).toBe(control.provenAfterHours)
})
