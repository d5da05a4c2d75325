import { RISK_SCOPES, byId, supposeRisk } from '@wardkeeper/contract'

export const RISK_VIEWS = ['overview', 'actions', 'what-if', 'controls', 'method'] as const
export type RiskView = (typeof RISK_VIEWS)[number]

const CHANGE = supposeRisk.body.shape.change.shape
const REACH = CHANGE.reach.unwrap().options
const LEGACY = CHANGE.legacy.unwrap().options
const USE = CHANGE.inUse.unwrap().options
const CONTROLS = CHANGE.addControls.unwrap().element.options
const YES = ['yes'] as const

/** What the address of the page carries: the view, the roll-up, and the whole question of a what-if. */
export interface RiskSearch {
  view?: RiskView | undefined
  by?: (typeof RISK_SCOPES)[number] | undefined
  asset?: string | undefined
  unit?: string | undefined
  model?: string | undefined
  reach?: (typeof REACH)[number] | undefined
  legacy?: (typeof LEGACY)[number] | undefined
  inUse?: (typeof USE)[number] | undefined
  control?: (typeof CONTROLS)[number] | undefined
  exploited?: 'yes' | undefined
  patched?: 'yes' | undefined
  hardened?: 'yes' | undefined
  uncontrolled?: 'yes' | undefined
  action?: string | undefined
}

/** Reads the address; a word that is not one of ours is dropped. */
export function riskSearch(raw: Record<string, unknown>): RiskSearch {
  const among = <const Word extends string>(words: readonly Word[], value: unknown) =>
    words.find((word) => word === value)
  const text = (value: unknown) =>
    typeof value === 'string' && value !== '' ? value.slice(0, 300) : undefined
  const asset = text(raw['asset'])
  const search: RiskSearch = {
    view: among(RISK_VIEWS, raw['view']),
    by: among(RISK_SCOPES, raw['by']),
    asset: asset !== undefined && byId.shape.id.safeParse(asset).success ? asset : undefined,
    unit: text(raw['unit']),
    model: text(raw['model']),
    reach: among(REACH, raw['reach']),
    legacy: among(LEGACY, raw['legacy']),
    inUse: among(USE, raw['inUse']),
    control: among(CONTROLS, raw['control']),
    exploited: among(YES, raw['exploited']),
    patched: among(YES, raw['patched']),
    hardened: among(YES, raw['hardened']),
    uncontrolled: among(YES, raw['uncontrolled']),
    action: text(raw['action']),
  }
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined),
  ) as RiskSearch
}
