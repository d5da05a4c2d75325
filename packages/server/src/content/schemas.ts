import {
  ADVISORY_KINDS,
  type Condition,
  DECLARED_FIELDS,
  PRODUCT_STATUSES,
  RECALL_CLASSES,
  ROLES,
  RULE_DATES,
  RULE_FIELDS,
  SEVERITIES,
} from '@wardkeeper/core'
import { z } from 'zod'

const minutes = z.number().positive()
const clock = z.object({
  acknowledge: minutes,
  contain: minutes,
  resolve: minutes,
  review: minutes,
  workOrder: minutes,
})
const role = z.enum(ROLES)

export const responsePlan = z.object({
  name: z.string().min(1),
  version: z.number().int(),
  incidentFrom: z.enum(SEVERITIES),
  otherTypes: z.array(z.string()),
  clocks: z.record(z.enum(SEVERITIES), clock),
  roles: z.object({
    acknowledge: z.array(role),
    contain: z.array(role),
    resolve: z.array(role),
    review: z.array(role),
  }),
})

export const learningSettings = z.object({
  minimumDays: z.number().min(0),
  minimumHours: z.number().min(0),
  repeatAfterHours: z.number().min(0),
  scanPorts: z.number().int().positive(),
  scanPeers: z.number().int().positive(),
  weakServices: z.array(z.string()),
  infrastructure: z.array(z.string()),
})

const quietTimes = z.object({
  quietAfterMinutes: z.number().positive(),
  missingAfterHours: z.number().positive(),
})

export const presenceSettings = z.object({
  default: quietTimes,
  byCategory: z.record(z.string(), quietTimes),
})

const ruleField = z.enum(RULE_FIELDS)
const ruleDate = z.enum(RULE_DATES)
const ruleDays = z.number().int().min(0).max(3650)
const values = z.array(z.string().min(1)).min(1)
const condition: z.ZodType<Condition> = z.union([
  z.strictObject({ field: ruleField, is: values }),
  z.strictObject({ field: ruleField, contains: values }),
  z.strictObject({ field: ruleField, isKnown: z.boolean() }),
  z.strictObject({ date: ruleDate, pastDays: ruleDays }),
  z.strictObject({ date: ruleDate, withinDays: ruleDays }),
  z.strictObject({
    get any() {
      return z.array(condition).min(1)
    },
  }),
])
const ruleName = z.string().min(1)

/** What counts as a medical device and who answers for it, with examples. */
export const inventoryRules = z.object({
  medical: z.array(
    z.object({
      name: ruleName,
      when: z.array(condition),
      outcome: z.object({ medical: z.enum(['yes', 'no']) }),
    }),
  ),
  ownership: z.array(
    z.object({
      name: ruleName,
      when: z.array(condition),
      outcome: z.object({
        accountable: z.string().min(1),
        responsible: z.string().exactOptional(),
        deputy: z.string().exactOptional(),
        from: z.iso.date().exactOptional(),
        until: z.iso.date().exactOptional(),
      }),
    }),
  ),
  examples: z.array(
    z.object({
      says: z.string(),
      facts: z.partialRecord(z.union([ruleField, ruleDate]), z.array(z.string())),
      medical: z.enum(['yes', 'no']).exactOptional(),
      accountable: z.string().exactOptional(),
    }),
  ),
})

export const protectedFields = z.array(z.enum(DECLARED_FIELDS))

const optional = <Type extends z.ZodType>(type: Type) => type.exactOptional()

const text = optional(z.string())
const numberRange = z.object({ from: text, to: text })
const cpeMatch = z.object({
  criteria: z.string().startsWith('cpe:2.3:'),
  vulnerable: z.boolean(),
  startIncluding: text,
  startExcluding: text,
  endIncluding: text,
  endExcluding: text,
})
const recall = z.object({
  firm: z.string(),
  number: z.string(),
  event: text,
  class: optional(z.enum(RECALL_CLASSES)),
  status: text,
  productCode: text,
  initiated: text,
  terminated: text,
})

/** An advisory as core's vocabulary has it, from a file, a bundle or a source. */
const advisory = z.object({
  id: z.string().min(1),
  kind: z.enum(ADVISORY_KINDS),
  source: z.string(),
  revision: z.string(),
  published: z.iso.date(),
  updated: z.iso.date(),
  products: z.array(
    z.object({
      pid: z.string(),
      vendor: z.string(),
      product: z.string(),
      range: z.string(),
      stated: optional(z.string()),
      cves: z.array(z.string()),
      leaf: optional(z.string()),
      status: optional(z.enum(PRODUCT_STATUSES)),
      catalogues: optional(z.array(z.string())),
      serials: optional(z.array(numberRange)),
      lots: optional(z.array(numberRange)),
      udis: optional(z.array(z.string())),
      also: optional(z.array(z.string())),
    }),
  ),
  vulnerabilities: z.array(
    z.object({
      cve: z.string(),
      cwe: optional(z.string()),
      vectors: z.array(z.string()),
      baseScore: optional(z.number().min(0).max(10)),
      kev: optional(z.iso.date()),
      epss: optional(z.number().min(0).max(1)),
    }),
  ),
  configurations: optional(z.array(z.object({ nodes: z.array(z.array(cpeMatch)) }))),
  recall: optional(recall),
  remedies: z.array(
    z.object({
      kind: z.string(),
      pids: z.array(z.string()),
      url: optional(z.string()),
      version: optional(z.string()),
    }),
  ),
  link: z.string(),
})

/** A file of advisories, with the date of its source. */
export const advisoryFile = z.object({
  meta: z.object({ date: z.iso.date() }),
  advisories: z.array(advisory),
})
