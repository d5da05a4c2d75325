import { z } from 'zod'
import { appendAudit } from './audit.ts'
import type { Db } from './database.ts'
import { declaration, declare } from './declarations.ts'
import { ensureSite } from './sites.ts'
import { addTechnician } from './technicians.ts'

const authorization = z.object({
  manufacturer: z.string().min(1),
  model: z.string().min(1),
  type: z.string().min(1),
  siteId: z.string().min(1),
  level: z.enum(['inspect', 'service']),
  from: z.iso.date(),
  until: z.iso.date(),
  proof: z.string().min(1),
})

const device = declaration
  .extend({
    mac: z
      .string()
      .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)
      .optional(),
    serial: z.string().min(3).optional(),
  })
  .strict()
  .refine(({ mac, serial }) => mac !== undefined || serial !== undefined, 'needs mac or serial')

/** What a hospital declares about itself: `content/sample/hospital.yaml`. */
export const hospitalFile = z
  .object({
    site: z.object({
      id: z.string().min(1),
      name: z.string().min(1),
      timeZone: z.string().optional(),
    }),
    technicians: z.array(
      z.object({
        name: z.string().min(1),
        employer: z.string().min(1),
        authorizations: z.array(authorization),
      }),
    ),
    devices: z.array(device),
  })
  .strict()
export type HospitalFile = z.infer<typeof hospitalFile>

/** Loads the declarations once; a second time, or beside technicians entered by hand, nothing changes. */
export async function loadSample(db: Db, hospital: HospitalFile): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { site, technicians, devices } = hospital
    await ensureSite(trx, site)
    for (const { mac, serial, ...body } of devices) {
      await declare(
        trx,
        site.id,
        mac === undefined ? `serial:${serial?.toLowerCase()}` : `mac:${mac}`,
        body,
      )
    }
    const before = await trx.selectFrom('technicians').select('id').limit(1).executeTakeFirst()
    if (before !== undefined) return
    for (const technician of technicians) await addTechnician(trx, site.id, technician)
    await appendAudit(trx, {
      siteId: site.id,
      byName: 'Wardkeeper',
      action: 'sample.loaded',
      subject: `site:${site.id}`,
      after: { devices: devices.length, technicians: technicians.map(({ name }) => name) },
    })
  })
}
