import type { Claim } from '@wardkeeper/core'
import { toIndexedText } from './time.ts'

/** Columns of an asset that hold what is claimed of it. */
export const CLAIMED_COLUMNS = [
  'manufacturer',
  'manufacturer_confidence',
  'model',
  'model_confidence',
  'type',
  'type_confidence',
  'category',
  'category_confidence',
  'firmware',
  'firmware_confidence',
  'serial',
  'os',
] as const

/** What these columns hold by these claims; null where nothing is claimed. */
export function claimedColumns(
  claims: readonly Claim[],
): Readonly<Record<(typeof CLAIMED_COLUMNS)[number], string | number | null>> {
  const claimed = (attribute: Claim['attribute']) =>
    claims.find((claim) => claim.attribute === attribute)
  const value = (attribute: Claim['attribute']) => {
    const text = claimed(attribute)?.value
    return text === undefined ? null : toIndexedText(text)
  }
  const confidence = (attribute: Claim['attribute']) => claimed(attribute)?.confidence ?? null
  return {
    manufacturer: value('manufacturer'),
    manufacturer_confidence: confidence('manufacturer'),
    model: value('model'),
    model_confidence: confidence('model'),
    type: value('type'),
    type_confidence: confidence('type'),
    category: value('category'),
    category_confidence: confidence('category'),
    firmware: value('firmware'),
    firmware_confidence: confidence('firmware'),
    serial: value('serial'),
    os: value('os'),
  }
}
