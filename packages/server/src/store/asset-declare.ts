import type { Trx } from './database.ts'

export interface DeclaredAttributes {
  readonly unit?: string | undefined
  readonly room?: string | undefined
  readonly owner?: string | undefined
  readonly warrantyUntil?: string | undefined
  readonly contract?: string | undefined
}

/** Writes what a person says of a device; an empty text takes it back. */
export async function declareAttributes(
  trx: Trx,
  assetId: string,
  attributes: DeclaredAttributes,
): Promise<void> {
  const columns = {
    unit: attributes.unit,
    room: attributes.room,
    owner: attributes.owner,
    warranty_until: attributes.warrantyUntil,
    contract: attributes.contract,
  }
  const given = Object.entries(columns).filter(([, value]) => value !== undefined)
  if (given.length === 0) return
  const set = Object.fromEntries(given.map(([name, value]) => [name, value === '' ? null : value]))
  await trx.updateTable('assets').set(set).where('id', '=', assetId).execute()
}
