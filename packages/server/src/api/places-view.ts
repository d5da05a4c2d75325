import type { MapNode, Marker, Place } from '@wardkeeper/contract'
import {
  segmentNameOf,
  SEVERITIES,
  type AssetState,
  type InUse,
  type Severity,
} from '@wardkeeper/core'
import type { Marker as MarkerRecord } from '../store/floor-plans.ts'
import type { PlaceRecord } from '../store/locations.ts'
import type { MapNodeRecord } from '../store/network-map.ts'
import { present } from './views.ts'

export function placeView(place: PlaceRecord): Place {
  const { id, siteId, kind, name, devices, parentId, serviceLine, hours, planId } = place
  return { id, siteId, kind, name, devices, ...present({ parentId, serviceLine, hours, planId }) }
}

interface Counted {
  readonly findings_critical: number
  readonly findings_high: number
  readonly findings_medium: number
  readonly findings_low: number
}

function worstOf(row: Counted): Severity | undefined {
  return SEVERITIES.find((severity) => row[`findings_${severity}`] > 0)
}

export function markerView(row: MarkerRecord): Marker {
  return {
    id: row.id,
    label: row.label,
    state: row.state as AssetState,
    inUse: row.in_use as InUse,
    ...present({
      type: row.type,
      category: row.category,
      room: row.room,
      severity: worstOf(row),
      x: row.x,
      y: row.y,
    }),
  }
}

export function nodeView(row: MapNodeRecord): MapNode {
  return {
    id: row.id,
    label: row.label,
    state: row.state as AssetState,
    inUse: row.in_use as InUse,
    vlans: [...row.vlans],
    ...present({
      type: row.type,
      category: row.category,
      unit: row.unit,
      severity: worstOf(row),
      segment: segmentNameOf(row.ip ?? undefined),
    }),
  }
}
