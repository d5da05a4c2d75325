import type { Content } from '../content/load.ts'
import { recordSensor } from './record-sensor.ts'
import { resolveAsset } from './resolve-asset.ts'
import { attach, type StageContext } from './stage.ts'

export interface StageSettings {
  readonly content: Content
  /** Site of messages that name none. */
  readonly siteId: string
}

/** Every stage of the line, in the order in which a message passes them. */
export async function attachStages(
  context: StageContext,
  { content, siteId }: StageSettings,
): Promise<void> {
  await attach(recordSensor(siteId), context)
  await attach(resolveAsset(content.knowledge), context)
}
