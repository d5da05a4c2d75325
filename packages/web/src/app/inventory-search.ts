import { oneOf } from './search-params.ts'
import { MAP_PAINTS, MAP_VIEWS, type MapPaint, type MapView } from './views.ts'

/** A moment in the address, as in `2026-11-25T08:00:00.000Z`. */
export function isMoment(raw: unknown): raw is string {
  return typeof raw === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(raw)
}

interface MapSearch {
  view?: MapView | undefined
  place?: string | undefined
  segment?: string | undefined
  days?: number | undefined
  paint?: MapPaint | undefined
}

/** Reads the address of the map; what it does not know is dropped. */
export function mapSearch(raw: Record<string, unknown>): MapSearch {
  return {
    ...(raw['view'] === undefined ? {} : { view: oneOf(MAP_VIEWS, raw['view']) }),
    ...(typeof raw['place'] === 'string' ? { place: raw['place'] } : {}),
    ...(typeof raw['segment'] === 'string' ? { segment: raw['segment'] } : {}),
    ...(['1', '7', '30'].includes(String(raw['days'])) ? { days: Number(raw['days']) } : {}),
    ...(raw['paint'] === undefined ? {} : { paint: oneOf(MAP_PAINTS, raw['paint']) }),
  }
}
