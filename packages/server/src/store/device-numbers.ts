import type { Advisory, DeclaredDevice, Device, Evidence } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor } from './database.ts'
import { recordsOfAssets, type DeclaredRecord } from './declared-records.ts'

/** Numbers on the label of a device, as records and people gave them, and who gave each. */
export interface DeviceNumbers {
  readonly numbers: Pick<Device, 'udi' | 'lot' | 'catalogue'>
  readonly evidence: readonly Evidence[]
}

/** The field of a device, and the fields of a record that give it, the plainer one first. */
const NUMBERS = [
  ['udi', ['di', 'udi']],
  ['lot', ['lot']],
  ['catalogue', ['catalogue']],
] as const satisfies readonly (readonly [
  keyof DeviceNumbers['numbers'],
  readonly (keyof DeclaredDevice)[],
])[]

/** UDI, lot and catalogue number of each asset, of the newest record that has one. */
export async function loadDeviceNumbers(
  db: Executor,
  assetIds: readonly string[],
): Promise<ReadonlyMap<string, DeviceNumbers>> {
  const records = await recordsOfAssets(db, assetIds)
  return new Map([...records].map(([id, own]) => [id, numbersOf(own)]))
}

function numbersOf(records: readonly DeclaredRecord[]): DeviceNumbers {
  const found = NUMBERS.flatMap(([name, fields]) => {
    const told = records.flatMap(({ source, since: time, body }) => {
      const said = body as DeclaredDevice
      const value = fields.map((field) => said[field]).find((one) => one !== undefined)
      return value === undefined ? [] : [{ name, value, source, time }]
    })
    return told.slice(0, 1)
  })
  return {
    numbers: Object.fromEntries(found.map(({ name, value }) => [name, value])),
    evidence: found.map(({ name, value, source, time }) => ({
      field: `declared.${name}`,
      value,
      time,
      rule: `record:${source}`,
      weight: 0,
    })),
  }
}

/** Assets that advisories can mean by a number on the label, however their maker and model are written. */
export async function listNumbered(
  db: Executor,
  advisories: readonly Advisory[],
  isMeant: (device: Device) => boolean,
): Promise<readonly { readonly id: string; readonly siteId: string }[]> {
  const names = advisories.some(({ products }) =>
    products.some(({ udis = [], catalogues = [] }) => udis.length + catalogues.length > 0),
  )
  if (!names) return []
  const { rows } = await sql<{
    manufacturer: string
    model: string
    udi: string | null
    catalogue: string | null
    assets: readonly { readonly id: string; readonly siteId: string }[]
  }>`
    select a.manufacturer, a.model, coalesce(d.body ->> 'di', d.body ->> 'udi') as udi, d.body ->> 'catalogue' as catalogue,
      jsonb_agg(jsonb_build_object('id', a.id, 'siteId', a.site_id)) as assets
    from declared_records d join assets a on a.id = d.asset_id
    where d.until is null and a.merged_into is null and d.body ?| array['di', 'udi', 'catalogue']
      and a.manufacturer is not null and a.model is not null
    group by 1, 2, 3, 4`.execute(db)
  return rows.flatMap(({ manufacturer, model, udi, catalogue, assets }) => {
    const numbers = { ...(udi !== null && { udi }), ...(catalogue !== null && { catalogue }) }
    return isMeant({ manufacturer, model, ...numbers }) ? assets : []
  })
}
