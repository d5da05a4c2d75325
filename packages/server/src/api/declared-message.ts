import type { Outgoing } from '../store/outbox.ts'
import { newId } from '../store/uuid.ts'

const PER_MESSAGE = 500

/** Asks the stages to work out again what these assets are, after somebody said something of them. */
export function declaredMessages(
  siteId: string,
  assetIds: readonly string[],
  word?: { readonly by: string; readonly reason: string },
): readonly Outgoing[] {
  const ids = [...new Set(assetIds)]
  return Array.from({ length: Math.ceil(ids.length / PER_MESSAGE) }, (_, at) => ({
    subject: 'asset.declared',
    id: `declared/${newId()}`,
    payload: { siteId, assetIds: ids.slice(at * PER_MESSAGE, (at + 1) * PER_MESSAGE), ...word },
  }))
}

/** Asks the stages to work out again what assets are that were merged, split or taken apart. */
export function regroupedMessage(siteId: string, assetIds: readonly string[]): Outgoing {
  return {
    subject: 'asset.regrouped',
    id: `regrouped/${newId()}`,
    payload: { siteId, assetIds },
  }
}
