import { z } from 'zod'
import { arePackedWell, packFacts, unpackFacts } from '../bus/packed-facts.ts'

const subject = z.object({ mac: z.string().exactOptional(), ip: z.string().exactOptional() })
const origin = z.object({
  file: z.string().exactOptional(),
  frame: z.number().exactOptional(),
  flow: z.number().exactOptional(),
})

const fact = z.object({
  subject,
  field: z.string(),
  value: z.string(),
  sensor: z.string(),
  first: z.number(),
  last: z.number(),
  count: z.number(),
  evidence: origin,
})

const listOf = <Item>(what: string, isItem: (item: unknown) => item is Item) =>
  z.custom<readonly Item[]>((value) => Array.isArray(value) && value.every(isItem), {
    error: `must be a list of ${what}`,
  })
const isText = (item: unknown) => typeof item === 'string'
const isNumber = (item: unknown): item is number => Number.isFinite(item)
const texts = listOf('texts', isText)
const numbers = listOf('numbers', isNumber)
const numbersOrNot = listOf('numbers or null', (item) => item === null || isNumber(item))

/** Thousands of facts in their lists: to ask each of them by its shape takes as long as to read them. */
const packedFacts = z
  .object({
    subjects: z.array(subject),
    fields: texts,
    sensors: texts,
    files: texts,
    subject: numbers,
    field: numbers,
    value: texts,
    sensor: numbers,
    first: numbers,
    last: numbers,
    count: numbers,
    file: numbersOrNot,
    frame: numbersOrNot,
    flow: numbersOrNot,
  })
  .refine(arePackedWell, { error: 'the lists do not fit each other' })
  .transform(unpackFacts)

const end = z.object({ ip: z.string(), mac: z.string().exactOptional() })
const pair = z.tuple([z.number(), z.number()])

const flow = z.object({
  siteId: z.string(),
  sensor: z.string(),
  hour: z.number(),
  client: end,
  server: end,
  transport: z.string(),
  port: z.number().int(),
  protocol: z
    .string()
    .nullish()
    .transform((protocol) => protocol ?? undefined),
  first: z.number(),
  last: z.number(),
  sessions: z.number(),
  packets: pair,
  bytes: pair,
  evidence: z.object({ file: z.string().exactOptional(), flow: z.number().exactOptional() }),
})

/** `observation.recorded`: facts of one batch of one sensor. */
export const observationRecorded = z.object({
  sensor: z.string(),
  siteId: z.string(),
  batch: z.number(),
  /**
   * One by one is how they are told by hand, and how they may still wait from before. Those of one device share its subject
   * either way: a message in hand is smaller, and who asks for the same text finds it hashed.
   */
  facts: z.union([packedFacts, z.array(fact).transform((told) => unpackFacts(packFacts(told)))]),
})

/** `flow.summarized`: traffic of one batch of one sensor. */
export const flowSummarized = z.object({
  sensor: z.string(),
  siteId: z.string(),
  batch: z.number(),
  flows: z.array(flow),
})

/** `feed.loaded`: a source was read; `kinds` are the kinds of facts that it told. */
export const feedLoaded = z.object({ feedId: z.string(), kinds: z.array(z.string()) })

/** `sensor.reported`: how a sensor is. */
const coverage = z.object({
  vlans: z.array(
    z.object({
      vlan: z.number().int(),
      packets: z.number(),
      conversations: z.number(),
      oneSided: z.number(),
      first: z.number(),
      last: z.number(),
    }),
  ),
  networks: z.array(
    z.object({
      network: z.string(),
      hosts: z.number(),
      behindRouter: z.number(),
      last: z.number(),
    }),
  ),
})

export const sensorReported = z.object({
  sensor: z.string(),
  siteId: z.string().exactOptional(),
  kind: z.string(),
  name: z.string(),
  state: z.enum(['running', 'finished', 'failed', 'silent']),
  frames: z.number(),
  flows: z.number(),
  observations: z.number(),
  firstFrame: z.number().optional(),
  lastFrame: z.number().optional(),
  progress: z.number().min(0).max(1).optional(),
  problem: z.string().optional(),
  counters: z.record(z.string(), z.number()),
  coverage: coverage.exactOptional(),
})

/** `asset.changed`: what is known of these assets is not what it was. */
export const assetChanged = z.object({ siteId: z.string(), assetIds: z.array(z.uuid()) })

/** `detection.raised`. */
export const detectionRaised = z.object({ siteId: z.string(), detectionIds: z.array(z.uuid()) })

/** `advisory.published`: new or revised advisories. */
export const advisoryPublished = z.object({ siteId: z.string(), advisoryIds: z.array(z.string()) })

/** `work-order.done`: a technician says so; what the sensors show of its devices decides. */
export const workOrderDone = z.object({ siteId: z.string(), assetIds: z.array(z.uuid()) })
