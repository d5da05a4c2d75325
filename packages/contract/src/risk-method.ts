import {
  ACTION_KINDS,
  CONTROL_KINDS,
  HARM_CLASSES,
  IN_USE_STATES,
  LEGACY_STATES,
  REACH_LEVELS,
  RISK_LEVELS,
  SEVERITIES,
  WEIGHED_FACTORS,
  type RiskMethod,
} from '@wardkeeper/core'
import { z } from 'zod'

const value = z.number().min(0).max(100)
const step = z.strictObject({ from: z.number().min(0), value })
const level = z.enum(RISK_LEVELS)
const table = {
  assumed: value,
  byType: z.record(z.string(), value),
  byCategory: z.record(z.string(), value),
}
const valuesOf = <const Key extends string>(keys: readonly Key[]) =>
  Object.fromEntries(keys.map((key) => [key, value])) as Record<Key, typeof value>

/** The whole method as `content/risk/method.yaml` and the API carry it. */
export const riskMethod: z.ZodType<RiskMethod> = z.strictObject({
  id: z.string().min(1).max(60),
  version: z.string().min(1).max(60),
  scale: z.strictObject({ upTo: z.array(value).length(5), values: z.array(value).length(5) }),
  matrix: z.record(level, z.array(level).length(5)),
  weights: z.strictObject(valuesOf(WEIGHED_FACTORS)),
  repeats: z.array(value).min(1).max(10),
  exploit: z.strictObject({
    known: value,
    active: value,
    poc: value,
    none: value,
    epss: z.array(step).min(1).max(20),
    bySeverity: z.strictObject(valuesOf(SEVERITIES)),
    possibly: value,
    unmatched: value,
  }),
  weakness: z.strictObject({ ...valuesOf(SEVERITIES), unseen: value }),
  legacy: z.strictObject({
    ...valuesOf(LEGACY_STATES),
    assumed: value,
    endingDays: z.number().min(0).max(3650),
    longYears: z.number().min(0).max(50),
  }),
  reach: z.strictObject({
    ...valuesOf(REACH_LEVELS),
    assumed: value,
    windowDays: z.number().min(1).max(400),
    segmentBits: z.number().int().min(8).max(32),
  }),
  control: z.strictObject({
    ...valuesOf(CONTROL_KINDS),
    blindAfterHours: z.number().min(1).max(720),
    provenAfterHours: z.number().min(0).max(2160),
    reviewDays: z.number().min(1).max(1100),
  }),
  patient: z.strictObject({
    ...valuesOf(HARM_CLASSES),
    assumed: value,
    inUse: z.strictObject(valuesOf(IN_USE_STATES)),
  }),
  data: z.strictObject(table),
  operation: z.strictObject({ ...table, dependants: z.array(step).min(1).max(20) }),
  effort: z.strictObject(
    Object.fromEntries(
      ACTION_KINDS.map((kind) => [
        kind,
        z.strictObject({
          once: z.number().min(0).max(1000),
          each: z.number().min(0).max(1000),
          clinical: z.number().min(0).max(1000),
        }),
      ]),
    ) as never,
  ),
}) as never
