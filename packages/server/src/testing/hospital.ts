import type { Claim, Finding, Incident, WorkOrder } from '@wardkeeper/core'
import { createAssets, saveSeenAssets } from '../store/assets.ts'
import { saveClaims } from '../store/claims.ts'
import type { Db } from '../store/database.ts'
import { addDetections } from '../store/detections.ts'
import { saveFindings } from '../store/findings.ts'
import { saveIncident } from '../store/incidents.ts'
import { addLinks } from '../store/key-links.ts'
import { addTechnician, loadTechnicians } from '../store/technicians.ts'
import { newId } from '../store/uuid.ts'
import { addWorkOrder } from '../store/work-orders.ts'

export const SEEN = Date.UTC(2026, 5, 1, 8)

export interface TestAsset {
  readonly name: string
  readonly siteId?: string
  readonly manufacturer?: string
  readonly model?: string
  readonly type?: string
  readonly firmware?: string
  readonly os?: string
  readonly mac?: string
  readonly ip?: string
  readonly lastSeen?: number
}

/** Puts devices into the inventory as if the sensor had seen them; answers with their ids in order. */
export async function addAssets(db: Db, assets: readonly TestAsset[]): Promise<readonly string[]> {
  return await db.transaction().execute(async (trx) => {
    const ids: string[] = []
    for (const asset of assets) {
      const id = newId()
      const siteId = asset.siteId ?? 'main'
      const claims = claimsOf(asset)
      await createAssets(trx, siteId, [id], SEEN)
      const links = [
        ...(asset.mac ? [{ key: `mac:${asset.mac}`, kind: 'mac' as const }] : []),
        ...(asset.ip ? [{ key: `ip:${asset.ip}`, kind: 'ip' as const }] : []),
      ]
      await addLinks(
        trx,
        siteId,
        links.map((link) => ({ ...link, assetId: id, since: SEEN, until: undefined })),
      )
      await saveSeenAssets(trx, [
        {
          id,
          label: asset.name,
          macs: asset.mac ? [asset.mac] : [],
          ips: asset.ip ? [asset.ip] : [],
          names: { dhcp: asset.name },
          hostname: asset.name,
          claims,
          firstSeen: SEEN,
          lastSeen: asset.lastSeen ?? SEEN,
        },
      ])
      await saveClaims(trx, siteId, new Map([[id, claims]]), SEEN)
      ids.push(id)
    }
    return ids
  })
}

/** A device is seen with another firmware. */
export async function changeFirmware(db: Db, id: string, asset: TestAsset): Promise<void> {
  const claims = claimsOf(asset)
  await db.transaction().execute(async (trx) => {
    await saveClaims(trx, 'main', new Map([[id, claims]]), SEEN + 1000)
    await trx
      .updateTable('assets')
      .set({ firmware: asset.firmware ?? null })
      .where('id', '=', id)
      .execute()
  })
}

function claimsOf(asset: TestAsset): readonly Claim[] {
  return (['manufacturer', 'model', 'type', 'firmware', 'os'] as const).flatMap((attribute) => {
    const value = asset[attribute]
    const evidence = [
      {
        field: 'test.field',
        value: 'x',
        time: SEEN,
        frame: 7,
        file: 'a.pcap',
        rule: 'test',
        weight: 3,
      },
    ]
    return value === undefined
      ? []
      : [{ attribute, value, confidence: 0.9, rule: 'test', evidence, against: [] }]
  })
}

export async function addFinding(
  db: Db,
  assetId: string,
  more: Partial<Finding> = {},
): Promise<string> {
  const finding: Finding = {
    id: newId(),
    assetId,
    kind: 'advisory',
    subject: 'TEST-26-001',
    verdict: 'affected',
    severity: 'high',
    state: 'open',
    cves: ['CVE-2026-0001'],
    because: 'The version is affected.',
    evidence: [],
    remedy: 'patch:TEST-26-001',
    opened: SEEN,
    closed: undefined,
    ...more,
  }
  await db.transaction().execute((trx) => saveFindings(trx, 'main', [finding], () => false))
  return finding.id
}

/** A detection of `actor` on `target`, the incident that it opened, and the work order for it. */
export async function addAttack(db: Db, actorId: string, targetId: string) {
  const detectionId = newId()
  const remedy = `isolate:${actorId}`
  const incident: Incident = {
    id: newId(),
    title: 'Somebody tried many ports.',
    severity: 'high',
    state: 'new',
    remedy,
    actorId,
    assetIds: [targetId],
    detectionIds: [detectionId],
    findingIds: [],
    dossiers: [],
    opened: SEEN,
    due: SEEN + 3_600_000,
  }
  const order: WorkOrder = {
    id: newId(),
    number: 0,
    kind: 'inspection',
    title: 'Inspect the pump',
    state: 'ready',
    severity: 'high',
    assetIds: [targetId],
    incidentId: incident.id,
    findingIds: [],
    expectation: { kind: 'no-contact', actorId },
    technicianId: undefined,
    opened: SEEN,
    due: undefined,
    done: undefined,
    resolution: undefined,
    verification: undefined,
  }
  await db.transaction().execute(async (trx) => {
    await addDetections(trx, 'main', [
      {
        id: detectionId,
        detector: 'scan',
        severity: 'high',
        state: 'in-incident',
        actorId,
        targetId,
        time: SEEN,
        lastTime: SEEN,
        count: 9,
        expected: 'No scan.',
        seen: 'A scan.',
        techniques: ['T0846'],
        evidence: [],
        remedy,
      },
    ])
    await saveIncident(trx, 'main', incident)
    await addWorkOrder(trx, 'main', order)
  })
  return { detectionId, incidentId: incident.id, orderId: order.id }
}

/** A technician who may service this model until `until`. */
export async function addTestTechnician(db: Db, name: string, model: string, until = '2099-12-31') {
  const id = await db.transaction().execute((trx) =>
    addTechnician(trx, 'main', {
      name,
      employer: 'Clinic',
      authorizations: [
        {
          manufacturer: 'Acme',
          model,
          type: '*',
          siteId: 'main',
          level: 'service',
          from: '2020-01-01',
          until,
          proof: 'C-1',
        },
      ],
    }),
  )
  const [technician] = await loadTechnicians(db, undefined, id)
  return technician!
}
