import type { AssetDetail } from '@wardkeeper/contract'
import { kindOfMac, type KeyLink, type Knowledge } from '@wardkeeper/core'
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
      condition: asset.condition,
      locationId: asset.location_id,
      medical:
        asset.medical === null
          ? undefined
          : { value: asset.medical as 'yes' | 'no', rule: asset.medical_rule ?? '' },
      ownership: ownershipOf(asset),
      baseline: baseline && {
        stage: baseline.stage,
        completeness: baseline.completeness,
        days: baseline.days.length,
      },
    }),
  }
}

function ownershipOf(asset: AssetRecord): AssetDetail['ownership'] {
  if (asset.accountable === null) return undefined
  return {
    accountable: asset.accountable,
    rule: asset.ownership_rule ?? '',
    ...present({
      responsible: asset.responsible,
      deputy: asset.deputy,
      until: asset.ownership_until,
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

/** Interfaces with the addresses that their frames were seen with; addresses of which nobody knows that stand alone. */
function interfacesOf(links: readonly KeyLink[], knowledge: Knowledge): AssetDetail['interfaces'] {
  const macs = [
    ...new Set(
      links.filter(({ kind }) => kind === 'mac').map(({ key }) => key.slice('mac:'.length)),
    ),
  ]
  const [only] = macs
  const ips = links.filter(({ kind }) => kind === 'ip')
  const carriers = new Set(links.filter(({ kind }) => kind === 'binding').map(({ key }) => key))
  const holds = (mac: string, ip: string) =>
    macs.length === 1 || carriers.has(`proven:${mac}/${ip}`) || carriers.has(`seen:${mac}/${ip}`)
  const addressesOf = (held: readonly KeyLink[]) =>
    held.map(({ key, since, until }) => ({
      ip: key.slice('ip:'.length),
      since: isoOf(since),
      ...present({ until: until === undefined ? undefined : isoOf(until) }),
    }))
  const ipOf = ({ key }: KeyLink) => key.slice('ip:'.length)
  const views = macs.map((mac) => ({
    mac,
    ...present({ maker: knowledge.makerOfMac(mac), note: noteOf(mac, links) }),
    addresses: addressesOf(ips.filter((link) => holds(mac, ipOf(link)))),
  }))
  const alone = ips.filter(
    (link) => only === undefined || !macs.some((mac) => holds(mac, ipOf(link))),
  )
  return alone.length === 0 ? views : [...views, { addresses: addressesOf(alone) }]
}

function noteOf(mac: string, links: readonly KeyLink[]) {
  const isForwarding = links.some(
    ({ key, until }) => key === `gateway:${mac}` && until === undefined,
  )
  if (isForwarding) return 'forwards' as const
  const kind = kindOfMac(mac)
  return kind === 'random' || kind === 'virtual-machine' ? kind : undefined
}
