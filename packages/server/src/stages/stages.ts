import { longestQuietOf } from '@wardkeeper/core'
import type pg from 'pg'
import type { Content } from '../content/load.ts'
import { applyDeclared } from './apply-declarations.ts'
import { applyInventoryRules } from './apply-rules.ts'
import type { Marks } from './mark-observations.ts'
import { matchAdvisories, spreadAdvisories } from './match-advisories.ts'
import { recordSensor } from './record-sensor.ts'
import { identifyAsset, resolveAsset } from './resolve-asset.ts'
import { runImport } from './run-import.ts'
import { scoreRisk, watchReach } from './score-risk.ts'
import { rejudgeExploited } from './rejudge-exploited.ts'
import { attach, type StageContext } from './stage.ts'
import { triageDetections } from './triage.ts'
import { makeVerifier, verifyWork, verifyWorkByFlows, type VerifyOrders } from './verify-work.ts'
import { watchBehaviour } from './watch-behaviour.ts'

export interface StageSettings {
  readonly content: Content
  /** Site of messages that name none. */
  readonly siteId: string
  /** For threads that read the database by themselves. */
  readonly connection?: pg.ClientConfig
  /** Without it all facts of an asset are looked at. */
  readonly marks?: Marks
}

/** Attaches every stage of the line, in the order in which a message passes them. */
export async function attachStages(
  context: StageContext,
  { content, siteId, connection, marks }: StageSettings,
): Promise<{ readonly verifyOrders: VerifyOrders }> {
  const verifyOrders = makeVerifier(content)
  await attach(recordSensor(siteId), context)
  const { precedence } = content.inventory
  const longestQuiet = longestQuietOf(content.presence)
  const resolving = { precedence, longestQuiet, ...(marks ? { marks } : {}) }
  await attach(resolveAsset(content.knowledge, resolving), context)
  await attach(identifyAsset(content.knowledge, precedence), context)
  await attach(runImport(content.knowledge, content.inventory), context)
  await attach(applyDeclared(content.knowledge, precedence), context)
  await attach(spreadAdvisories(content), context)
  await attach(rejudgeExploited(), context)
  await attach(applyInventoryRules(content), context)
  await attach(matchAdvisories(content, connection), context)
  await attach(watchBehaviour(content), context)
  await attach(triageDetections(content.responsePlan), context)
  await attach(watchReach(content), context)
  await attach(scoreRisk(content), context)
  await attach(verifyWork(verifyOrders), context)
  await attach(verifyWorkByFlows(verifyOrders), context)
  return { verifyOrders }
}
