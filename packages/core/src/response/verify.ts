import { findWeaknesses } from '../exposure/weakness.ts'
import type { Evidence, FlowSummary, Match, ObservedFact, WorkOrder } from '../vocabulary.ts'

/** What the sensors have seen of the order's devices. */
export interface SeenSinceDone {
  /** Facts of its devices, last seen after the work was said to be done; older ones are left out here. */
  readonly facts: readonly ObservedFact[]
  readonly flows: readonly FlowSummary[]
  /** The advisories as they stand against its devices now. */
  readonly matches: readonly Match[]
  /** Fields that the devices' versions are known from; a version that stands elsewhere is chance. */
  readonly versionFields: readonly string[]
  /** Devices of the order that were seen since, in facts or in flows. */
  readonly seenAssetIds: readonly string[]
  /** No sensor that covers the devices delivers. */
  readonly isSensorBlind: boolean
  readonly now: number
  /** Until then silence is waited out. */
  readonly waitUntil: number
}

export interface Verification {
  readonly outcome: 'verified' | 'contradicted' | 'not-observable' | 'waiting'
  /** One sentence for a person. */
  readonly reason: string
  readonly evidence: readonly Evidence[]
}

/** What the network says to the expectation by itself; undefined while it says nothing. */
type Answer = Omit<Verification, 'outcome'> & { readonly outcome: 'verified' | 'contradicted' }

/**
 * Holds the claim "the work is done" against what was seen since. What is seen decides at once when it speaks
 * against the claim. What must *not* be seen is believed only after the wait, and only where the sensor saw the
 * device at all: not seen is never read as not there.
 */
export function verify(order: WorkOrder, seen: SeenSinceDone): Verification {
  const { expectation } = order
  if (expectation.kind === 'none') {
    return { outcome: 'not-observable', reason: expectation.reason, evidence: [] }
  }
  const since = sinceDone(order, seen)
  const answer = answerOf(order, since)
  if (answer !== undefined) return answer
  if (seen.now < seen.waitUntil) {
    const reason = 'The sensor has not seen yet what would show that the work was done.'
    return { outcome: 'waiting', reason, evidence: [] }
  }
  if (seen.isSensorBlind) return unobservable('No sensor delivers from where the device is.')
  const unseen = order.assetIds.filter((id) => !seen.seenAssetIds.includes(id)).length
  if (unseen > 0 || (since.facts.length === 0 && since.flows.length === 0)) {
    return unobservable(unseenReason(unseen, order.assetIds.length))
  }
  return absenceOf(order, since)
}

function unseenReason(unseen: number, all: number): string {
  if (all < 2 || unseen === 0) return 'The device has not been seen on the network since the work.'
  return `${unseen} of the ${all} devices have not been seen on the network since the work.`
}

function sinceDone({ done }: WorkOrder, seen: SeenSinceDone): SeenSinceDone {
  const from = done ?? Number.POSITIVE_INFINITY
  const facts = seen.facts.filter(({ last }) => last > from)
  return { ...seen, facts, flows: seen.flows.filter(({ last }) => last > from) }
}

function answerOf(order: WorkOrder, seen: SeenSinceDone): Answer | undefined {
  const { expectation } = order
  switch (expectation.kind) {
    case 'firmware-not-affected':
      return answerOfFirmware(expectation.advisoryId, seen)
    case 'field-value':
      return answerOfField(expectation.field, expectation.value, seen)
    case 'no-contact':
      return answerOfContact(expectation.actorId, order, seen)
    case 'weakness-gone':
      return answerOfWeakness(expectation.code, seen)
    case 'none':
      return undefined
  }
}

/** A version counts only when the device itself told it since the work; a typed-in one does not. */
function answerOfFirmware(
  advisoryId: string,
  { matches, facts, versionFields }: SeenSinceDone,
): Answer | undefined {
  const own = matches.filter((match) => match.advisoryId === advisoryId)
  // The least safe word counts: one product of the advisory that may fit is enough.
  const match =
    own.find(({ verdict }) => verdict === 'affected') ??
    own.find(({ verdict }) => verdict !== 'not-affected') ??
    own[0]
  const version = match?.because.version
  if (match === undefined || version === undefined) return undefined
  const telling = facts.filter(
    ({ field, value }) => versionFields.includes(field) && tells(value, version),
  )
  if (telling.length === 0) return undefined
  const evidence = telling.map(evidenceOf)
  if (match.verdict === 'affected') {
    const reason = `The device still reports ${version}, which ${advisoryId} affects.`
    return { outcome: 'contradicted', reason, evidence }
  }
  if (match.verdict !== 'not-affected') return undefined
  const reason = `The device reports ${version}, which ${advisoryId} does not affect.`
  return { outcome: 'verified', reason, evidence }
}

/** `Drip v3.1 build 7` tells 3.1; `10.3.1.5` and `3.1.2` do not. */
function tells(value: string, version: string): boolean {
  for (let at = value.indexOf(version); at >= 0; at = value.indexOf(version, at + 1)) {
    const before = value.slice(0, at)
    const after = value.slice(at + version.length)
    if (!/[\d.]$/.test(before) && !/^\.?\d/.test(after)) return true
  }
  return false
}

function answerOfField(field: string, value: string, { facts }: SeenSinceDone): Answer | undefined {
  const told = facts.filter((fact) => fact.field === field).sort((a, b) => b.last - a.last)[0]
  if (told === undefined) return undefined
  const evidence = [evidenceOf(told)]
  return told.value === value
    ? { outcome: 'verified', reason: `${field} is now ${value}.`, evidence }
    : { outcome: 'contradicted', reason: `${field} is ${told.value}, not ${value}.`, evidence }
}

function answerOfContact(
  actorId: string,
  { assetIds }: WorkOrder,
  { flows }: SeenSinceDone,
): Answer | undefined {
  const contact = flows.find((flow) => isContact(flow, actorId, assetIds))
  if (contact === undefined) return undefined
  const { client, server, transport, port } = contact
  const reason = `${client.ip} still reaches ${server.ip} on ${transport}/${port}.`
  return { outcome: 'contradicted', reason, evidence: [flowEvidence(contact)] }
}

/** `actorId` is an asset, or `ip:<address>` for one that is no asset. */
function isContact({ client, server }: FlowSummary, actorId: string, assetIds: readonly string[]) {
  const isActor = (end: FlowSummary['client']) =>
    end.assetId === actorId || `ip:${end.ip}` === actorId
  const isDevice = (end: FlowSummary['client']) =>
    end.assetId !== undefined && end.assetId !== actorId && assetIds.includes(end.assetId)
  return (isActor(client) && isDevice(server)) || (isActor(server) && isDevice(client))
}

function answerOfWeakness(code: string, { facts, now }: SeenSinceDone): Answer | undefined {
  const weakness = findWeaknesses(facts, now).find((one) => one.code === code)
  if (weakness === undefined) return undefined
  return { outcome: 'contradicted', reason: weakness.reason, evidence: weakness.evidence }
}

/** The wait is over and the device was seen, but not what the expectation is about. */
function absenceOf({ expectation }: WorkOrder, { facts, flows }: SeenSinceDone): Verification {
  const evidence = [...facts.slice(0, 3).map(evidenceOf), ...flows.slice(0, 3).map(flowEvidence)]
  if (expectation.kind === 'no-contact') {
    const reason = 'The device was seen since the work, and no contact with the actor.'
    return { outcome: 'verified', reason, evidence }
  }
  if (expectation.kind === 'weakness-gone') {
    const reason = `The device was seen since the work, and ${expectation.code} was not.`
    return { outcome: 'verified', reason, evidence }
  }
  return unobservable('The device was seen since the work, but it did not tell what would show it.')
}

function unobservable(reason: string): Verification {
  return { outcome: 'not-observable', reason, evidence: [] }
}

function evidenceOf({ field, value, last, sensor, evidence }: ObservedFact): Evidence {
  const { file, frame } = evidence
  const place = { ...(file !== undefined && { file }), ...(frame !== undefined && { frame }) }
  return { field, value, time: last, sensor, ...place, rule: 'verify', weight: 0 }
}

function flowEvidence({ client, server, transport, port, last, sensor, evidence }: FlowSummary) {
  const value = `${client.ip} > ${server.ip} ${transport}/${port}`
  const place = evidence.file === undefined ? {} : { file: evidence.file }
  return { field: 'flow', value, time: last, sensor, ...place, rule: 'verify', weight: 0 }
}
