import { RULE_DATES, RULE_FIELDS } from '@wardkeeper/core'
import { z } from 'zod'
import { route, time } from './route.ts'

/** What a rule may ask of a device, for who offers them to choose. */
export { RULE_DATES, RULE_FIELDS }

const field = z.enum(RULE_FIELDS)
const date = z.enum(RULE_DATES)
const days = z.number().int().min(0).max(3650)
const values = z.array(z.string().trim().min(1).max(120)).min(1).max(50)
const simple = z.union([
  z.strictObject({ field, is: values }),
  z.strictObject({ field, contains: values }),
  z.strictObject({ field, isKnown: z.boolean() }),
  z.strictObject({ date, pastDays: days }),
  z.strictObject({ date, withinDays: days }),
])
/** Groups lie one deep: rules that people can still read. */
const condition = z.union([simple, z.strictObject({ any: z.array(simple).min(1).max(20) })])
export type RuleCondition = z.infer<typeof condition>

const rule = <Outcome extends z.ZodType>(outcome: Outcome) =>
  z.object({ name: z.string().trim().min(1).max(120), when: z.array(condition).max(20), outcome })
const person = z.string().trim().min(1).max(120)
export const medicalRule = rule(z.object({ medical: z.enum(['yes', 'no']) }))
export const ownershipRule = rule(
  z.object({
    accountable: person,
    responsible: person.optional(),
    deputy: person.optional(),
    from: z.iso.date().optional(),
    until: z.iso.date().optional(),
  }),
)
export type MedicalRuleView = z.infer<typeof medicalRule>
export type OwnershipRuleView = z.infer<typeof ownershipRule>

const ruleSet = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('medical'), rules: z.array(medicalRule).max(200) }),
  z.object({ kind: z.literal('ownership'), rules: z.array(ownershipRule).max(200) }),
])
const origin = z.object({ by: z.string(), reason: z.string(), since: time }).optional()

export const getRules = route({
  method: 'GET',
  path: '/api/rules',
  permission: 'assets:read',
  summary: 'What counts as a medical device, who answers for which, and what nobody answers for',
  response: z.object({
    medical: z.array(medicalRule),
    ownership: z.array(ownershipRule),
    /** Who wrote them; absent for those that the product comes with. */
    medicalFrom: origin,
    ownershipFrom: origin,
    counts: z.object({
      yes: z.number().int(),
      no: z.number().int(),
      undecided: z.number().int(),
    }),
    unowned: z.array(z.object({ type: z.string().optional(), count: z.number().int() })),
  }),
})

export const previewRules = route({
  method: 'POST',
  path: '/api/rules/preview',
  permission: 'assets:read',
  summary: 'What rules would change on the inventory; nothing is written',
  body: ruleSet,
  response: z.object({
    assets: z.number().int(),
    changed: z.number().int(),
    /** How many devices each outcome has, before and after. */
    outcomes: z.array(z.object({ value: z.string(), before: z.number(), after: z.number() })),
    /** How many devices each rule decides. */
    rules: z.array(z.object({ name: z.string(), count: z.number().int() })),
    items: z.array(
      z.object({
        id: z.uuid(),
        label: z.string(),
        before: z.string().optional(),
        after: z.string().optional(),
        rule: z.string().optional(),
      }),
    ),
  }),
})

export const saveRules = route({
  method: 'PUT',
  path: '/api/rules',
  permission: 'assets:decide',
  summary: 'Put rules into force',
  body: z.object({ set: ruleSet, reason: z.string().trim().min(3).max(500) }),
  response: z.object({ changed: z.number().int() }),
})
