import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { dump } from 'js-yaml'
import type { Fit } from './fit.ts'

/** Writes fitted weights as the product loads them. */
export function writeWeights(file: string, fit: Fit, questions: number): void {
  const date = new Date().toISOString().slice(0, 10)
  const head = [
    '# What each kind of evidence is worth for each attribute, in log-odds. Written by `npm run accuracy -- FOLDER --fit`:',
    '# the weights under which the confidences of all labelled devices are most likely, held near what they were before.',
    '# `trust` scales the sum: less than 1 where evidence goes along with evidence. docs/identity.md says how.',
  ]
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${head.join('\n')}\n${dump({ version: date, questions, ...fit })}`)
}
