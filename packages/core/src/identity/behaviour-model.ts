import type { FlowSummary } from '../vocabulary.ts'
import { isPrivateIp } from './address.ts'
import type { Statement } from './evidence.ts'

/** What one device does on the network, as short sentences that are either true of it or not. */
export type Habits = ReadonlySet<string>

/** A device of which people or records say what it is. */
export interface Example {
  readonly assetId: string
  readonly type: string
  readonly habits: Habits
}

interface ClassModel {
  readonly type: string
  readonly examples: number
  /** For each habit how many of the examples have it. */
  readonly counts: ReadonlyMap<string, number>
  /** Log-odds that a vote for this type is right, as leaving each example out showed; never above the cap. */
  readonly weight: number
  readonly right: number
  readonly told: number
}

export interface BehaviourModel {
  readonly classes: readonly ClassModel[]
  readonly examples: number
  readonly counts: ReadonlyMap<string, number>
}

/** One habit that speaks for (or against) the type, in log-odds. */
interface Reason {
  readonly habit: string
  readonly weight: number
}

/** What a device behaves like; nothing is voted where the model does not know. */
export interface Vote {
  readonly type: string
  /** Log-odds, well below those of a fingerprint. */
  readonly weight: number
  /** Confirmed devices of the type that were learned from. */
  readonly examples: number
  /** Of so many votes on confirmed devices that were left out, so many were right. */
  readonly right: number
  readonly told: number
  readonly reasons: readonly Reason[]
}

/** Fewer confirmed devices of a type teach nothing. */
const LEAST_EXAMPLES = 4
/** Log-odds of a vote at most: 0.82, below one fingerprint that is likely right. */
const MOST_WEIGHT = 1.5
/** A vote that is right less often than this, as far as the examples can show, is not given. */
const LEAST_WEIGHT = 0.45
/** How much better than the next type, and than no type, it must fit; in log-odds. */
const MARGIN = 2
/** Habits that most devices of the type share and that the device must have. */
const LEAST_SHARED = 2
const COMMON = 0.6
const SMOOTHING = 0.5
/** One habit alone, however rare, decides nothing. */
const MOST_REASON = 2.5

/**
 * The habits of a device by its flows: services, how often and how much, how many peers and whether the internet. Values
 * are in bins a factor of ten wide, so that a busy day changes little.
 */
export function habitsOf(assetId: string, flows: readonly FlowSummary[]): Habits {
  const habits = new Set<string>()
  const own = flows.filter(
    ({ client, server }) => (client.assetId === assetId) !== (server.assetId === assetId),
  )
  const services = Map.groupBy(own, (flow) => serviceOf(assetId, flow))
  for (const [service, group] of services) {
    habits.add(service)
    const sum = (of: (flow: FlowSummary) => number) => group.reduce((all, one) => all + of(one), 0)
    const sessions = Math.max(
      1,
      sum((flow) => flow.sessions),
    )
    const hours = new Set(group.map(({ hour }) => hour)).size
    habits.add(
      `${service}: ${decade((sum(({ bytes }) => bytes[0]) + sum(({ bytes }) => bytes[1])) / sessions)} bytes a session`,
    )
    habits.add(`${service}: ${decade(sessions / hours)} sessions an hour`)
    const given = sum(({ bytes, client }) => bytes[client.assetId === assetId ? 0 : 1])
    const taken = sum(({ bytes, client }) => bytes[client.assetId === assetId ? 1 : 0])
    habits.add(`${service}: ${given > taken ? 'gives' : 'takes'} more`)
  }
  const peers = new Set(
    own.map(({ client, server }) => (client.assetId === assetId ? server.ip : client.ip)),
  )
  if (peers.size > 0) habits.add(`${decade(peers.size)} peers`)
  if ([...peers].some((ip) => !isPrivateIp(ip))) habits.add('contact with the internet')
  return habits
}

const FIRST_PASSING_PORT = 32_768

function serviceOf(assetId: string, { client, transport, port, protocol }: FlowSummary): string {
  const name = port < FIRST_PASSING_PORT ? String(port) : 'passing'
  const is = client.assetId === assetId ? 'calls' : 'answers'
  return `${is} ${transport}/${name}${protocol === undefined ? '' : ` ${protocol}`}`
}

function decade(value: number): string {
  const power = Math.max(0, Math.floor(Math.log10(Math.max(1, value))))
  return `${(10 ** power).toLocaleString('en')} to ${(10 ** (power + 1)).toLocaleString('en')}`
}

/**
 * Learns from confirmed devices. How far a vote is believed is measured: each example is left out and voted on by the
 * others. Undefined while fewer than two types have examples enough.
 */
export function learnBehaviour(examples: readonly Example[]): BehaviourModel | undefined {
  const usable = examples.filter(({ habits }) => habits.size > 0)
  const byType = Map.groupBy(usable, ({ type }) => type)
  const known = [...byType].filter(([, group]) => group.length >= LEAST_EXAMPLES)
  if (known.length < 2) return undefined
  const draft: BehaviourModel = {
    examples: usable.length,
    counts: countHabits(usable),
    classes: known
      .map(([type, group]) => ({
        type,
        examples: group.length,
        counts: countHabits(group),
        weight: MOST_WEIGHT,
        right: 0,
        told: 0,
      }))
      .toSorted((a, b) => (a.type < b.type ? -1 : 1)),
  }
  const votes = usable.flatMap((one) => {
    const vote = bestOf(without(draft, one), one.habits)
    return vote === undefined ? [] : [{ is: one.type, told: vote.type }]
  })
  return {
    ...draft,
    classes: draft.classes.map((one) => {
      const told = votes.filter((vote) => vote.told === one.type)
      const right = told.filter((vote) => vote.is === vote.told).length
      return { ...one, told: told.length, right, weight: weightOf(right, told.length) }
    }),
  }
}

/** What this device behaves like, or nothing: too few habits, no clear difference, or votes that proved wrong. */
export function voteOn(model: BehaviourModel, habits: Habits): Vote | undefined {
  const best = bestOf(model, habits)
  if (best === undefined || best.weight < LEAST_WEIGHT) return undefined
  const { type, weight, examples, right, told } = best
  const reasons = reasonsFor(model, best, habits)
    .toSorted((a, b) => b.weight - a.weight || (a.habit < b.habit ? -1 : 1))
    .slice(0, 8)
    .map(({ habit, weight: one }) => ({ habit, weight: Math.round(one * 100) / 100 }))
  return { type, weight: Math.round(weight * 100) / 100, examples, right, told, reasons }
}

function bestOf(model: BehaviourModel, habits: Habits): ClassModel | undefined {
  const scored = model.classes
    .map((one) => ({
      one,
      score: reasonsFor(model, one, habits).reduce((sum, { weight }) => sum + weight, 0),
      shared: [...habits].filter(
        (habit) => (one.counts.get(habit) ?? 0) >= COMMON * one.examples && one.examples > 0,
      ).length,
    }))
    .toSorted((a, b) => b.score - a.score || (a.one.type < b.one.type ? -1 : 1))
  const [first, second] = scored
  if (first === undefined || first.shared < LEAST_SHARED || first.score < MARGIN) return undefined
  // A type that one example less would leave without enough of them still counts as a rival.
  if (second !== undefined && first.score - second.score < MARGIN) return undefined
  return first.one
}

/** Naive Bayes, this type against all others: habits it has and the type has, and common ones that it lacks. */
function reasonsFor(model: BehaviourModel, one: ClassModel, habits: Habits): readonly Reason[] {
  const share = (habit: string) => {
    const own = one.counts.get(habit) ?? 0
    const others = (model.counts.get(habit) ?? 0) - own
    const inside = (own + SMOOTHING) / (one.examples + 2 * SMOOTHING)
    const outside = (others + SMOOTHING) / (model.examples - one.examples + 2 * SMOOTHING)
    return { inside, outside }
  }
  const has = [...habits].map((habit) => {
    const { inside, outside } = share(habit)
    return { habit, weight: limit(Math.log(inside / outside) * shrink(habit)) }
  })
  const lacks = [...one.counts]
    .filter(([habit, count]) => count >= 0.8 * one.examples && !habits.has(habit))
    .map(([habit]) => {
      const { inside, outside } = share(habit)
      const weight = Math.log((1 - inside) / (1 - outside)) * shrink(habit)
      return { habit: `not: ${habit}`, weight: limit(weight) }
    })
  return [...has, ...lacks]
}

/** How often and how much go along with which service, so each counts half. */
function shrink(habit: string): number {
  return habit.includes(': ') ? 0.5 : 1
}

function limit(weight: number): number {
  return Math.max(-MOST_REASON, Math.min(MOST_REASON, weight))
}

function countHabits(examples: readonly Example[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { habits } of examples)
    for (const habit of habits) counts.set(habit, (counts.get(habit) ?? 0) + 1)
  return counts
}

function without(model: BehaviourModel, { type, habits }: Example): BehaviourModel {
  const less = (counts: ReadonlyMap<string, number>) => {
    const left = new Map(counts)
    for (const habit of habits) left.set(habit, (left.get(habit) ?? 0) - 1)
    return left
  }
  return {
    examples: model.examples - 1,
    counts: less(model.counts),
    classes: model.classes.map((one) =>
      one.type === type ? { ...one, examples: one.examples - 1, counts: less(one.counts) } : one,
    ),
  }
}

/** Log-odds of the share that was right, with one right and one wrong added: few votes prove little. */
function weightOf(right: number, told: number): number {
  const share = (right + 1) / (told + 2)
  return Math.min(MOST_WEIGHT, Math.log(share / (1 - share)))
}

/** The vote as evidence for the type: like whom, how often such votes were right, and for each habit what it weighs. */
export function voteStatements(
  cast: { readonly vote: Vote; readonly since: number } | undefined,
): readonly Statement[] {
  if (cast === undefined) return []
  const { type, weight, examples, right, told, reasons } = cast.vote
  const because = reasons.map(({ habit, weight: one }) => `${habit} (${one > 0 ? '+' : ''}${one})`)
  return [
    {
      attribute: 'type',
      value: type,
      last: cast.since,
      family: 'behaviour',
      evidence: {
        field: 'behaviour.habits',
        value: `behaves like ${examples} confirmed devices of the type: ${because.join('; ')}. Of ${told} such votes on confirmed devices ${right} were right.`,
        time: cast.since,
        rule: 'behaviour',
        weight,
      },
    },
  ]
}
