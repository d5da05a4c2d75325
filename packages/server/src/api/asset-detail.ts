import type { AssetDetail } from '@wardkeeper/contract'
import type { KeyLink, Knowledge } from '@wardkeeper/core'
import { readBaseline } from '../store/baselines.ts'
import type { AssetRecord } from '../store/assets.ts'
import { loadClaims, loadClaimsAt } from '../store/claims.ts'
import type { Executor } from '../store/database.ts'
import { loadMaintenance } from '../store/declarations.ts'
import { linkHistory } from '../store/key-links.ts'
import { assetView, claimView, isoOf, present } from './views.ts'

/** Everything that the page of one device shows, now or (`at`) as it was known at a moment. */
export async function assetDetailView(
  db: Executor,
  asset: AssetRecord,
  knowledge: Knowledge,
  at?: number,
): Promise<AssetDetail> {
  const [claims, links, maintenance, baseline] = await Promise.all([
    at === undefined ? loadClaims(db, [asset.id]) : loadClaimsAt(db, asset.id, at),
    linkHistory(db, asset.id),
    loadMaintenance(db, [asset.id]),
    at === undefined ? readBaseline(db, asset.id) : undefined,
  ])
  return {
    ...assetView(asset),
    claims: (claims.get(asset.id) ?? []).map(claimView),
    names: asset.names as Record<string, string>,
    interfaces: interfacesOf(at === undefined ? links : linksAt(links, at), knowledge),
    maintenance: maintenance
      .filter(({ date }) => at === undefined || date <= isoOf(at).slice(0, 10))
      .map(({ date, by_name: by, what }) => ({ date, by, what })),
    ...present({
      serial: asset.serial,
      warrantyUntil: asset.warranty_until,
      contract: asset.contract,
      baseline: baseline && {
        stage: baseline.stage,
        completeness: baseline.completeness,
        days: baseline.days.length,
      },
    }),
  }
}

function linksAt(links: readonly KeyLink[], at: number): readonly KeyLink[] {
  return links
    .filter(({ since }) => since <= at)
    .map((link) =>
      link.until !== undefined && link.until > at ? { ...link, until: undefined } : link,
    )
}

/** Which address was seen with which MAC is known only where there is one MAC; else addresses stand alone. */
function interfacesOf(links: readonly KeyLink[], knowledge: Knowledge): AssetDetail['interfaces'] {
  const macs = links.filter(({ kind }) => kind === 'mac').map(({ key }) => key.slice('mac:'.length))
  const addresses = links
    .filter(({ kind }) => kind === 'ip')
    .map(({ key, since, until }) => ({
      ip: key.slice('ip:'.length),
      since: isoOf(since),
      ...present({ until: until === undefined ? undefined : isoOf(until) }),
    }))
  const views = macs.map((mac) => ({
    mac,
    ...present({ maker: knowledge.makerOfMac(mac) }),
    addresses: [],
  }))
  const [only] = views
  if (views.length === 1 && only !== undefined) return [{ ...only, addresses }]
  return addresses.length === 0 ? views : [...views, { addresses }]
}
