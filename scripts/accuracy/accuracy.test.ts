import { existsSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadContent, type Content } from '../../packages/server/src/content/load.ts'
import { calibrationError, figuresOf, reliabilityOf } from './figures.ts'
import { judgeHeldOut } from './hold-out.ts'
import { isSame, MEASURED, type Measured, type Outcome } from './judge.ts'
import { missesOf } from './report.ts'
import { judgeSamples, readSamples } from './samples.ts'
import { readLabelledTruth, readLabTruth } from './truth.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const SHARED = path.resolve(ROOT, '../shared/captures')

let content: Content
beforeAll(async () => {
  content = await loadContent(path.join(ROOT, 'content'))
})

const of = (outcomes: readonly Outcome[], attribute: Measured) =>
  outcomes.filter((each) => each.attribute === attribute)

describe('claims about the devices of the lab', () => {
  let outcomes: Outcome[] = []
  beforeAll(async () => {
    const samples = await readSamples(readLabTruth(path.join(ROOT, 'captures/lab')))
    outcomes = judgeSamples(samples, content.knowledge)
  })

  test.each([
    ['manufacturer', 0.98, 0.95],
    ['category', 0.97, 0.95],
    ['type', 0.97, 0.9],
    ['model', 0.97, 0.9],
  ] as const)('%s: precision at least %d, recall at least %d', (attribute, precision, recall) => {
    const figures = figuresOf(of(outcomes, attribute))
    expect(figures.known).toBeGreaterThan(20)
    expect(figures.precision).toBeGreaterThanOrEqual(precision)
    expect(figures.recall).toBeGreaterThanOrEqual(recall)
  })

  test.each(MEASURED)('%s: confidence is as often right as it says', (attribute) => {
    const error = calibrationError(reliabilityOf(of(outcomes, attribute)))
    expect(error).toBeLessThanOrEqual(0.05)
  })
})

describe('claims about devices that others labelled', () => {
  if (!existsSync(SHARED)) console.log(`skipped: ${SHARED} is not there`)

  test.skipIf(!existsSync(SHARED))(
    'meet the targets, also with weights fitted without them',
    async () => {
      const devices = [
        ...readLabTruth(path.join(ROOT, 'captures/lab')),
        ...readLabelledTruth(SHARED, content.knowledge.vocabulary),
      ]
      const samples = await readSamples(devices)
      const name = 'lab and labelled'
      for (const outcomes of [
        judgeSamples(samples, content.knowledge),
        judgeHeldOut(samples, content.knowledge),
      ])
        expect(missesOf({ name, outcomes, isTarget: true })).toEqual([])
    },
    120_000,
  )
})

describe('the comparison', () => {
  test.each([
    ['manufacturer', 'Signify', 'Philips (Signify)', true],
    ['manufacturer', 'Philips', 'Signify', false],
    ['manufacturer', 'Baxter', 'Welch Allyn, Inc.', true],
    ['model', 'IC-3115W', 'Edimax IC 3115W', true],
    ['model', 'S7-1200', 'S7-1500', false],
    ['model', 'X2', 'IntelliVue X2', false],
    ['type', 'plc', 'hmi', false],
  ] as const)('of a %s: %s for %s is %s', (attribute, claimed, truth, isRight) => {
    expect(isSame(attribute, claimed, truth, content.knowledge.vocabulary)).toBe(isRight)
  })

  test('counts a device once, however many captures show it, and silence against recall', () => {
    const outcome = { share: 0.5, attribute: 'type', truth: 'plc', capture: '' } as const
    const device = { name: 'x' } as Outcome['device']
    const figures = figuresOf([
      { ...outcome, device, claimed: 'plc', confidence: 0.9, isRight: true },
      { ...outcome, device, claimed: undefined, confidence: 0, isRight: false },
    ])
    expect(figures).toMatchObject({ known: 1, claimed: 0.5, precision: 1, recall: 0.5 })
  })

  test('tells a confidence that is too high', () => {
    const device = { name: 'x' } as Outcome['device']
    const outcomes = [true, false].map((isRight) => ({
      device,
      capture: '',
      attribute: 'type' as const,
      truth: 'plc',
      claimed: 'plc',
      confidence: 0.9,
      isRight,
      share: 1,
    }))
    expect(calibrationError(reliabilityOf(outcomes))).toBeCloseTo(0.4)
  })
})
