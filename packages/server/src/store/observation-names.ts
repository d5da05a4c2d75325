import type { ObservedFact } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Trx } from './database.ts'
import { toIndexedText } from './time.ts'

type Kind = 'field' | 'sensor' | 'file'
type Numbers = ReadonlyMap<string, number>

/** The numbers that stand for these texts in `observations`; texts that are new get one. */
export async function findNames(
  trx: Trx,
  siteId: string,
  texts: Readonly<Record<Kind, readonly string[]>>,
): Promise<Readonly<Record<Kind, Numbers>>> {
  const wanted = (Object.keys(texts) as Kind[]).flatMap((kind) =>
    // In one order everywhere, so that two transactions cannot wait for each other.
    [...new Set(texts[kind])].toSorted().map((name) => ({ kind, name })),
  )
  const kinds = wanted.map(({ kind }) => kind)
  const sites = wanted.map(({ kind }) => (kind === 'sensor' ? siteId : ''))
  const names = wanted.map(({ name }) => name)
  const list = sql`unnest(${kinds}::text[], ${sites}::text[], ${names}::text[]) as w (kind, site_id, name)`
  const find = () =>
    sql<{ kind: Kind; name: string; id: number }>`
      select kind, name, id from observation_names join ${list} using (kind, site_id, name)`.execute(
      trx,
    )
  let { rows } = await find()
  if (rows.length < wanted.length) {
    await sql`
      insert into observation_names (kind, site_id, name)
      select w.kind, w.site_id, w.name from ${list} where not exists (
        select from observation_names n where n.kind = w.kind and n.site_id = w.site_id and n.name = w.name)
      on conflict do nothing`.execute(trx)
    rows = (await find()).rows
  }
  const of = (kind: Kind): Numbers =>
    new Map(rows.filter((row) => row.kind === kind).map(({ name, id }) => [name, id]))
  return { field: of('field'), sensor: of('sensor'), file: of('file') }
}

export function subjectKey({ mac = '', ip = '' }: ObservedFact['subject']): string {
  return `${toIndexedText(mac)} ${toIndexedText(ip)}`
}

/** The numbers that stand for these subjects, by `subjectKey`. */
export async function findSubjects(
  trx: Trx,
  subjects: readonly ObservedFact['subject'][],
): Promise<Numbers> {
  const distinct = new Map([...new Set(subjects)].map((subject) => [subjectKey(subject), subject]))
  const wanted = [...distinct]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, subject]) => subject)
  const macs = wanted.map(({ mac = '' }) => toIndexedText(mac))
  const ips = wanted.map(({ ip = '' }) => toIndexedText(ip))
  const list = sql`unnest(${macs}::text[], ${ips}::text[]) as w (mac, ip)`
  const find = () =>
    sql<{ mac: string; ip: string; id: number }>`
      select mac, ip, id from observation_subjects join ${list} using (mac, ip)`.execute(trx)
  let { rows } = await find()
  if (rows.length < wanted.length) {
    await sql`
      insert into observation_subjects (mac, ip)
      select w.mac, w.ip from ${list} where not exists (
        select from observation_subjects s where s.mac = w.mac and s.ip = w.ip)
      on conflict do nothing`.execute(trx)
    rows = (await find()).rows
  }
  return new Map(rows.map(({ mac, ip, id }) => [`${mac} ${ip}`, id]))
}
