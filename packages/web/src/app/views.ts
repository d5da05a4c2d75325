/** Words of the address that choose among views of one page, the first being what is shown without one. */
export const ASSET_TABS = [
  'identity',
  'communications',
  'exposure',
  'risk',
  'work',
  'use',
  'network',
  'documents',
  'history',
  'observations',
] as const
export type AssetTab = (typeof ASSET_TABS)[number]

export const MAP_VIEWS = ['places', 'network'] as const
export type MapView = (typeof MAP_VIEWS)[number]

export const MAP_PAINTS = ['risk', 'type', 'state'] as const
export type MapPaint = (typeof MAP_PAINTS)[number]

export const FINDING_VIEWS = ['remedy', 'device'] as const
export type FindingsView = (typeof FINDING_VIEWS)[number]

export const BOARD_VIEWS = ['board', 'list'] as const
export type BoardView = (typeof BOARD_VIEWS)[number]

export const ROW_OUTCOMES = ['created', 'matched', 'queued', 'refused'] as const
export type RowOutcome = (typeof ROW_OUTCOMES)[number]
