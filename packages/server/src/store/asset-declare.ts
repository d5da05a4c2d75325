import type { DeclaredField } from '@wardkeeper/core'
import type { AssetRecord } from './assets.ts'
import type { Trx } from './database.ts'

export type DeclaredValues = Readonly<Partial<Record<DeclaredField, string | null>>>

const COLUMNS = {
  unit: 'unit',
  room: 'room',
  owner: 'owner',
  contract: 'contract',
  warrantyUntil: 'warranty_until',
  state: 'state',
  condition: 'condition',
} as const satisfies Record<DeclaredField, keyof AssetRecord>

/** What people have written of a device, by field. */
export function declaredValues(asset: AssetRecord): Record<DeclaredField, string | null> {
  const values = Object.entries(COLUMNS).map(([field, column]) => [field, asset[column]])
  return Object.fromEntries(values) as Record<DeclaredField, string | null>
}

/** Writes what a person says of a device; null takes it back. */
export async function declareAttributes(
  trx: Trx,
  assetId: string,
  values: DeclaredValues,
): Promise<void> {
  const set = Object.entries(values).flatMap(([field, value]) =>
    value === undefined ? [] : [[COLUMNS[field as DeclaredField], value] as const],
  )
  if (set.length === 0) return
  await trx.updateTable('assets').set(Object.fromEntries(set)).where('id', '=', assetId).execute()
}
