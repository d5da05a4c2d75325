import {
  applyStatements,
  deviceOf,
  findWeaknesses,
  indexAdvisories,
  match,
  reconcileFindings,
  whyDecisionEnds,
  WEAKNESS_FIELDS,
  type DecisionBasis,
  type Device,
  type Finding,
  type FindingChange,
  type Match,
} from '@wardkeeper/core'
import type pg from 'pg'
import type { z } from 'zod'
import type { Content } from '../content/load.ts'
import { readAdvisoryBodies } from '../store/advisories.ts'
import { countAgain, loadClaimedAssets, type ClaimedAsset } from '../store/assets.ts'
import { tellChange } from '../store/changes.ts'
import { loadEvidence, type ClaimedValue } from '../store/claims.ts'
import type { Trx } from '../store/database.ts'
import { endDecision, loadDecisions, loadModelSuppressions } from '../store/finding-decisions.ts'
import { listNumbered, loadDeviceNumbers, type DeviceNumbers } from '../store/device-numbers.ts'
import {
  addFindings,
  listConcerned,
  lockFindingsOf,
  saveFindings,
  saveHistory,
} from '../store/findings.ts'
import { shareRegrouping } from '../store/merge.ts'
import { loadFacts } from '../store/observations.ts'
import type { Outgoing } from '../store/outbox.ts'
import { loadOutsidePeers, type OutsidePeer } from '../store/outside-peers.ts'
import { hasSboms } from '../store/product-facts.ts'
import { together } from '../store/together.ts'
import { newId } from '../store/uuid.ts'
import { keepExposure, type Exposure } from './exposure.ts'
import { advisoryPublished, assetChanged } from './messages.ts'
import type { Stage } from './stage.ts'

/** Holds advisories and the signs of bad configuration against assets that changed. */
export function matchAdvisories(
  content: Content,
  connection?: pg.ClientConfig,
): Stage<z.infer<typeof assetChanged>> {
  const judge = judgeWith(keepExposure(content, connection))
  return {
    name: 'match-advisories',
    consumes: ['asset.changed'],
    payload: assetChanged,
    course: 'behind',
    handle: (trx, { siteId, assetIds }, message) => judge(trx, siteId, assetIds, message.id),
  }
}

const PER_MESSAGE = 500

/**
 * When advisories are new or revised, the assets that they can mean are looked at again, some at a time: those whose
 * maker and model they name, those with a finding of theirs, and all of them where one was withdrawn, or is a CVE that
 * a part inside a device may have.
 */
export function spreadAdvisories(content: Content): Stage<z.infer<typeof advisoryPublished>> {
  const { vocabulary } = content.knowledge
  return {
    name: 'spread-advisories',
    consumes: ['advisory.published'],
    payload: advisoryPublished,
    async handle(trx, { advisoryIds }, message) {
      const bodies = await readAdvisoryBodies(trx, advisoryIds)
      const index = indexAdvisories([...bodies.values()], vocabulary)
      const isOfParts =
        [...bodies.values()].some(({ kind }) => kind === 'cve') && (await hasSboms(trx))
      const isKnown =
        advisoryIds.length > 0 && !isOfParts && advisoryIds.every((id) => bodies.has(id))
      const isMeant = (manufacturer: string | null, model: string | null) =>
        !isKnown ||
        (manufacturer !== null &&
          model !== null &&
          match({ manufacturer, model }, index).length > 0)
      const isNumbered = (device: Device) => match(device, index).length > 0
      const concerned = new Map(
        [
          ...(await listConcerned(trx, advisoryIds, isMeant)),
          ...(await listNumbered(trx, [...bodies.values()], isNumbered)),
        ].map((one) => [one.id, one]),
      )
      return [...Map.groupBy(concerned.values(), ({ siteId }) => siteId)].flatMap(
        ([siteId, assets]) =>
          chunks(assets.map(({ id }) => id)).map((assetIds, at) => ({
            subject: 'asset.changed',
            id: `asset/${message.id}/${siteId}/${at}`,
            payload: { siteId, assetIds },
          })),
      )
    },
  }
}

function chunks(ids: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(ids.length / PER_MESSAGE)
  return Array.from({ length: count }, (_, n) => ids.slice(n * PER_MESSAGE, (n + 1) * PER_MESSAGE))
}

function judgeWith(exposureOf: ReturnType<typeof keepExposure>) {
  return async (
    trx: Trx,
    siteId: string,
    assetIds: readonly string[],
    messageId: string,
  ): Promise<readonly Outgoing[]> => {
    const now = Date.now()
    const exposure = await exposureOf(trx)
    // A device that a person merges into another meanwhile would get findings that nobody closes.
    await shareRegrouping(trx, siteId)
    const assets = await loadClaimedAssets(trx, assetIds)
    const ids = [...assets.keys()]
    const [facts, existing, suppressions, numbers] = await together(
      loadFacts(trx, ids, { fields: WEAKNESS_FIELDS }),
      lockFindingsOf(trx, ids),
      loadModelSuppressions(trx, siteId),
      loadDeviceNumbers(trx, ids),
    )
    const held = [...assets.values()].map((asset) =>
      hold(asset, exposure, suppressions, numbers.get(asset.id)),
    )
    const cves = await readAdvisoryBodies(trx, unknownIds(held, exposure))
    const isExploited = ({ cves: own }: Finding) => own.some((cve) => exposure.exploited.has(cve))
    const outside = await outsideOf(trx, siteId, held, exposure)
    const judged = held.map(({ asset, device, matches, suppressed }) => {
      const own = existing.get(asset.id) ?? []
      const weaknesses = findWeaknesses(facts.get(asset.id) ?? [], now, asset.lastSeen)
      const seen = { weaknesses, outside: outside.get(asset.id) ?? [], isWireless: false }
      return {
        assetId: asset.id,
        existing: own,
        matches: withClearings(matches, own, device, exposure),
        isIdentified: device !== undefined,
        weaknesses,
        contradictions: device === undefined ? [] : exposure.mds2.findContradicted(device, seen),
        unsupported:
          device === undefined ? [] : exposure.support.findUnsupported(device, dayOf(now)),
        suppressed,
        advisories: (id: string) => exposure.byId.get(id) ?? cves.get(id),
        now,
        newId,
      }
    })
    const concerned = judged.filter(hasFindings)
    const tellingOf = (id: string) => (assets.get(id)?.claims ?? []).filter(isTelling)
    // What a device is known from is long, and mostly nothing is to be told of it.
    const evidence = await loadEvidence(
      trx,
      concerned.flatMap(({ assetId }) => tellingOf(assetId)),
    )
    const results = concerned.map((one) =>
      reconcileFindings({
        ...one,
        evidence: [
          ...tellingOf(one.assetId).flatMap(({ id, attribute }) =>
            (evidence.get(id) ?? []).map((own) => ({ ...own, about: attribute })),
          ),
          ...(numbers.get(one.assetId)?.evidence ?? []),
        ],
      }),
    )
    const opened = results.flatMap((one) => one.opened)
    const history = results.flatMap((one) => one.history)
    const decided = await reopenDecided(trx, { assets, existing, isExploited, now })
    const changed = withReopened(
      results.flatMap((one) => one.changed),
      decided.reopened,
    )
    const written = [...opened, ...changed]
    await addFindings(trx, siteId, opened, isExploited)
    await saveFindings(trx, siteId, changed, isExploited)
    await saveHistory(trx, siteId, [...history, ...decided.history])
    const touched = new Set([...written.map(({ assetId }) => assetId), ...decided.twins])
    await countAgain(trx, [...touched].toSorted())
    await tellChange(
      trx,
      'finding.changed',
      siteId,
      written.map(({ id }) => id),
    )
    const closed = changed.filter(({ closed: time }) => time !== undefined)
    return [
      ...told('finding.opened', siteId, opened.filter(isOpen), messageId),
      ...told('finding.closed', siteId, closed, messageId),
    ]
  }
}

type Judged = Pick<
  Parameters<typeof reconcileFindings>[0],
  'existing' | 'matches' | 'weaknesses' | 'contradictions' | 'unsupported'
>

/** Of what has none, and nothing against it, nothing is to be written. */
function hasFindings(one: Judged): boolean {
  const { existing, matches, weaknesses, contradictions = [], unsupported = [] } = one
  return [existing, matches, weaknesses, contradictions, unsupported].some(
    ({ length }) => length > 0,
  )
}

/** How long a session beyond the hospital speaks against a statement of the maker. */
const OUTSIDE_DAYS = 30

/** Sessions beyond the hospital of the devices of which their maker states something. */
async function outsideOf(
  trx: Trx,
  siteId: string,
  held: readonly Held[],
  { mds2 }: Exposure,
): Promise<ReadonlyMap<string, readonly OutsidePeer[]>> {
  if (mds2.isEmpty) return new Map()
  const stated = held.filter(({ device }) => device && mds2.formsFor(device).length > 0)
  const ids = stated.map(({ asset }) => asset.id)
  return await loadOutsidePeers(trx, siteId, ids, OUTSIDE_DAYS)
}

interface Held {
  readonly asset: ClaimedAsset
  readonly device: Device | undefined
  readonly matches: readonly Match[]
  readonly suppressed: ReadonlySet<string>
}

/** Holds an asset against everything, with what its maker's bill of materials says is inside. */
function hold(
  asset: ClaimedAsset,
  { index, statements, sboms }: Exposure,
  suppressions: readonly { readonly subject: string; readonly basis: DecisionBasis }[],
  label: DeviceNumbers | undefined,
): Held {
  const claimed = deviceOf(asset)
  if (claimed === undefined) return { asset, device: undefined, matches: [], suppressed: new Set() }
  const bare = label === undefined ? claimed : { ...claimed, ...label.numbers }
  const parts = sboms.partsOf(bare)
  const device = parts.length === 0 ? bare : { ...bare, parts }
  const matches = applyStatements(match(device, index), statements.statementsFor(device))
  const own = suppressions.filter(
    ({ basis }) => basis.manufacturer === device.manufacturer && basis.model === device.model,
  )
  return { asset, device, matches, suppressed: new Set(own.map(({ subject }) => subject)) }
}

function unknownIds(held: readonly Held[], { byId }: Exposure): readonly string[] {
  const ids = held.flatMap(({ matches }) => matches.map(({ advisoryId }) => advisoryId))
  return [...new Set(ids)].filter((id) => !byId.has(id))
}

/** A CVE that no longer names the device says why, so that its finding closes with the evidence. */
function withClearings(
  matches: readonly Match[],
  existing: readonly Finding[],
  device: Device | undefined,
  { index }: Exposure,
): readonly Match[] {
  if (index.cpes === undefined || device === undefined) return matches
  const told = new Set(matches.map(({ advisoryId }) => advisoryId))
  const open = existing.filter(
    ({ kind, subject, closed }) =>
      kind === 'advisory' &&
      closed === undefined &&
      subject.startsWith('CVE-') &&
      !told.has(subject),
  )
  const cleared = open.flatMap(({ subject }) => index.cpes?.explain(device, subject) ?? [])
  return cleared.length === 0 ? matches : [...matches, ...cleared]
}

interface Decided {
  readonly assets: ReadonlyMap<string, ClaimedAsset>
  readonly existing: ReadonlyMap<string, readonly Finding[]>
  readonly isExploited: (finding: Finding) => boolean
  readonly now: number
}

/** Decisions that no longer stand, because an exploit became known or the device is another: they end, and say why. */
async function reopenDecided(trx: Trx, { assets, existing, isExploited, now }: Decided) {
  const decided = [...existing.values()]
    .flat()
    .filter(({ state }) => state === 'accepted' || state === 'suppressed')
  const decisions = await loadDecisions(
    trx,
    decided.map(({ id }) => id),
  )
  const reopened = new Set<Finding>()
  const twins = new Set<string>()
  const history: FindingChange[] = []
  for (const finding of decided) {
    const standing = decisions.get(finding.id)
    const device = standing && assets.get(finding.assetId)
    if (standing === undefined || device === undefined) continue
    const known = deviceOf(device)
    // A device that is in doubt for a while is not another one.
    if (known === undefined) continue
    const { manufacturer, model, version = null } = known
    const basis = { manufacturer, model, version, isExploited: isExploited(finding) }
    const why = whyDecisionEnds(standing.decision, standing.basis, basis)
    if (why === undefined) continue
    for (const twin of await endDecision(trx, standing, why, now)) twins.add(twin.asset_id)
    reopened.add(finding)
    history.push({ findingId: finding.id, time: now, what: 'decision-ended', reason: why })
  }
  return { reopened, history, twins }
}

function withReopened(
  changed: readonly Finding[],
  reopened: ReadonlySet<Finding>,
): readonly Finding[] {
  const open = (finding: Finding): Finding =>
    finding.closed === undefined ? { ...finding, state: 'open' } : finding
  const ids = new Set([...reopened].map(({ id }) => id))
  const known = new Set(changed.map(({ id }) => id))
  const rest = [...reopened].filter(({ id }) => !known.has(id))
  return [...changed.map((one) => (ids.has(one.id) ? open(one) : one)), ...rest.map(open)]
}

function isOpen({ state }: Finding): boolean {
  return state === 'open'
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

const TELLING = ['manufacturer', 'model', 'firmware', 'serial', 'os']

function isTelling({ attribute }: ClaimedValue): boolean {
  return TELLING.includes(attribute)
}

function told(
  subject: string,
  siteId: string,
  findings: readonly Finding[],
  messageId: string,
): Outgoing[] {
  if (findings.length === 0) return []
  const payload = { siteId, findingIds: findings.map(({ id }) => id) }
  return [{ subject, id: `${subject}/${messageId}`, payload }]
}
