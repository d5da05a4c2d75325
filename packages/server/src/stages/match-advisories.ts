import {
  deviceOf,
  findWeaknesses,
  indexAdvisories,
  match,
  reconcileFindings,
  type Asset,
  type Finding,
} from '@wardkeeper/core'
import type { z } from 'zod'
import type { Content } from '../content/load.ts'
import { countAgain, loadAssets } from '../store/assets.ts'
import { tellChange } from '../store/changes.ts'
import type { Trx } from '../store/database.ts'
import { lockFindingsOf, saveFindings } from '../store/findings.ts'
import { loadFacts } from '../store/observations.ts'
import type { Outgoing } from '../store/outbox.ts'
import { newId } from '../store/uuid.ts'
import { advisoryPublished, assetChanged } from './messages.ts'
import type { Stage } from './stage.ts'

/** Holds advisories and the signs of bad configuration against assets that changed. */
export function matchAdvisories(content: Content): Stage<z.infer<typeof assetChanged>> {
  const judge = judgeWith(content)
  return {
    name: 'match-advisories',
    consumes: ['asset.changed'],
    payload: assetChanged,
    handle: (trx, { siteId, assetIds }, message) => judge(trx, siteId, assetIds, message.id),
  }
}

const PER_MESSAGE = 500

/** When advisories are new or revised, every asset is looked at again, some at a time. */
export function spreadAdvisories(): Stage<z.infer<typeof advisoryPublished>> {
  return {
    name: 'spread-advisories',
    consumes: ['advisory.published'],
    payload: advisoryPublished,
    async handle(trx, _published, message) {
      const rows = await trx
        .selectFrom('assets')
        .select(['id', 'site_id'])
        .where('merged_into', 'is', null)
        .orderBy('id')
        .execute()
      return [...Map.groupBy(rows, (row) => row.site_id)].flatMap(([siteId, assets]) =>
        chunks(assets.map(({ id }) => id)).map((assetIds, index) => ({
          subject: 'asset.changed',
          id: `asset/${message.id}/${siteId}/${index}`,
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

function judgeWith({ advisories, knowledge }: Content) {
  const index = indexAdvisories(advisories, knowledge.vocabulary)
  const byId = new Map(advisories.map((advisory) => [advisory.id, advisory]))
  const exploited = new Set(
    advisories.flatMap(({ vulnerabilities }) =>
      vulnerabilities.flatMap(({ cve, kev }) => (kev === undefined ? [] : [cve])),
    ),
  )
  const isExploited = ({ cves }: Finding) => cves.some((cve) => exploited.has(cve))

  return async (
    trx: Trx,
    siteId: string,
    assetIds: readonly string[],
    messageId: string,
  ): Promise<readonly Outgoing[]> => {
    const now = Date.now()
    const assets = await loadAssets(trx, assetIds)
    const facts = await loadFacts(trx, [...assets.keys()])
    const existing = await lockFindingsOf(trx, [...assets.keys()])
    const opened: Finding[] = []
    const changed: Finding[] = []
    for (const asset of assets.values()) {
      const device = deviceOf(asset)
      const result = reconcileFindings({
        assetId: asset.id,
        existing: existing.get(asset.id) ?? [],
        matches: device === undefined ? [] : match(device, index),
        isIdentified: device !== undefined,
        weaknesses: findWeaknesses(facts.get(asset.id) ?? [], now),
        advisories: (id) => byId.get(id),
        evidence: evidenceOf(asset),
        now,
        newId,
      })
      opened.push(...result.opened)
      changed.push(...result.changed)
    }
    const written = [...opened, ...changed]
    await saveFindings(trx, siteId, written, isExploited)
    await countAgain(trx, [...new Set(written.map(({ assetId }) => assetId))].toSorted())
    await tellChange(
      trx,
      'finding.changed',
      siteId,
      written.map(({ id }) => id),
    )
    const closed = changed.filter(({ closed: time }) => time !== undefined)
    return [
      ...told('finding.opened', siteId, opened, messageId),
      ...told('finding.closed', siteId, closed, messageId),
    ]
  }
}

function evidenceOf({ claims }: Asset) {
  const telling = ['manufacturer', 'model', 'firmware']
  return claims
    .filter(({ attribute }) => telling.includes(attribute))
    .flatMap(({ evidence }) => evidence)
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
