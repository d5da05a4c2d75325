import type { ExploitSignal, FeedFacts, Mds2Form } from '@wardkeeper/core'
import { sql } from 'kysely'
import { saveAdvisories } from './advisories.ts'
import { toJson } from './column-types.ts'
import type { Trx } from './database.ts'
import { saveSboms, saveSupportDates, saveVex } from './product-facts.ts'
import { toDatabaseTime } from './time.ts'

const PER_STATEMENT = 2000

function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += PER_STATEMENT) {
    yield items.slice(start, start + PER_STATEMENT)
  }
}

/** The last of those with one key: a statement may not touch a row twice. */
function lastOf<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[] {
  return [...new Map(items.map((item) => [key(item), item])).values()]
}

/** Saves everything that a feed told in the transaction of its run; answers with the ids of advisories that changed. */
export async function saveFeedFacts(
  trx: Trx,
  facts: Partial<FeedFacts>,
  feedId: string,
  now: number,
): Promise<readonly string[]> {
  await saveSignals(trx, facts.signals ?? [], feedId, now)
  await savePatches(trx, facts.patches ?? [])
  await saveIdentifiers(trx, facts.identifiers ?? [])
  await saveProductCodes(trx, facts.productCodes ?? [])
  await saveSboms(
    trx,
    lastOf(facts.sboms ?? [], ({ id }) => id),
  )
  await saveVex(
    trx,
    lastOf(facts.statements ?? [], ({ id }) => id),
  )
  await saveSupportDates(
    trx,
    lastOf(facts.support ?? [], ({ id }) => id),
  )
  return await saveAdvisories(
    trx,
    lastOf(facts.advisories ?? [], ({ id }) => id),
    feedId,
  )
}

/** Lays what one feed says of CVEs over what is known; parts of which it does not speak stay as they were. */
export async function saveSignals(
  trx: Trx,
  signals: readonly ExploitSignal[],
  feedId: string,
  now: number,
): Promise<void> {
  const rows = mergeSignals(signals).map(({ cve, kev, epss, ssvc, vectors }) => ({
    cve,
    kev_added: kev?.added,
    kev_due: kev?.due,
    is_ransomware_known: kev?.isRansomware,
    epss: epss?.score,
    epss_percentile: epss?.percentile,
    epss_date: epss?.date,
    epss_model: epss?.model,
    ssvc_exploitation: ssvc?.exploitation,
    ssvc_automatable: ssvc?.automatable,
    ssvc_technical_impact: ssvc?.technicalImpact,
    ssvc_date: ssvc?.date,
    vectors,
  }))
  for (const chunk of chunks(rows)) {
    await sql`
      insert into exploit_signals as known (cve, kev_added, kev_due, is_ransomware_known, epss, epss_percentile,
        epss_date, epss_model, ssvc_exploitation, ssvc_automatable, ssvc_technical_impact, ssvc_date, vectors,
        sources, updated)
      select cve, kev_added, kev_due, is_ransomware_known, epss, epss_percentile, epss_date, epss_model,
        ssvc_exploitation, ssvc_automatable, ssvc_technical_impact, ssvc_date, coalesce(vectors, '[]'),
        array[${feedId}], ${toDatabaseTime(now)}::timestamptz
      from jsonb_to_recordset(${toJson(chunk)}::jsonb) as said (cve text, kev_added date, kev_due date,
        is_ransomware_known boolean, epss real, epss_percentile real, epss_date date, epss_model text,
        ssvc_exploitation text, ssvc_automatable text, ssvc_technical_impact text, ssvc_date date, vectors jsonb)
      on conflict (cve) do update set
        kev_added = coalesce(excluded.kev_added, known.kev_added),
        kev_due = coalesce(excluded.kev_due, known.kev_due),
        is_ransomware_known = coalesce(excluded.is_ransomware_known or known.is_ransomware_known,
          excluded.is_ransomware_known, known.is_ransomware_known),
        epss = coalesce(excluded.epss, known.epss),
        epss_percentile = coalesce(excluded.epss_percentile, known.epss_percentile),
        epss_date = coalesce(excluded.epss_date, known.epss_date),
        epss_model = coalesce(excluded.epss_model, known.epss_model),
        ssvc_exploitation = coalesce(excluded.ssvc_exploitation, known.ssvc_exploitation),
        ssvc_automatable = coalesce(excluded.ssvc_automatable, known.ssvc_automatable),
        ssvc_technical_impact = coalesce(excluded.ssvc_technical_impact, known.ssvc_technical_impact),
        ssvc_date = coalesce(excluded.ssvc_date, known.ssvc_date),
        vectors = case when excluded.vectors = '[]' then known.vectors
          else excluded.vectors || coalesce((select jsonb_agg(one) from jsonb_array_elements(known.vectors) one
            where not exists (select from jsonb_array_elements(excluded.vectors) new
              where new->>'source' = one->>'source' and new->>'version' = one->>'version')), '[]') end,
        sources = (select array_agg(distinct one order by one) from unnest(known.sources || excluded.sources) one),
        updated = excluded.updated
    `.execute(trx)
  }
}

/** One row for each CVE: several documents of a feed may speak of the same. */
function mergeSignals(signals: readonly ExploitSignal[]): readonly ExploitSignal[] {
  const merged = new Map<string, ExploitSignal>()
  for (const signal of signals) {
    const known = merged.get(signal.cve)
    const vectors = [...(known?.vectors ?? []), ...(signal.vectors ?? [])]
    const once = [...new Map(vectors.map((one) => [`${one.source} ${one.vector}`, one])).values()]
    merged.set(signal.cve, { ...known, ...signal, ...(once.length > 0 && { vectors: once }) })
  }
  return [...merged.values()]
}

async function savePatches(trx: Trx, patches: FeedFacts['patches']): Promise<void> {
  for (const chunk of chunks(lastOf(patches, ({ id }) => id))) {
    await trx
      .insertInto('patches')
      .values(
        chunk.map((one) => ({
          id: one.id,
          manufacturer: one.manufacturer,
          model: one.model,
          cves: one.cves,
          advisories: one.advisories,
          validated: one.validated ?? null,
          source: one.source,
          body: toJson(one),
        })),
      )
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          cves: row.ref('excluded.cves'),
          advisories: row.ref('excluded.advisories'),
          validated: row.ref('excluded.validated'),
          body: row.ref('excluded.body'),
          withdrawn: null,
        })),
      )
      .execute()
  }
}

async function saveIdentifiers(trx: Trx, items: FeedFacts['identifiers']): Promise<void> {
  for (const chunk of chunks(lastOf(items, ({ di }) => di))) {
    await trx
      .insertInto('device_identifiers')
      .values(
        chunk.map((one) => ({
          di: one.di,
          company: one.company,
          brand: one.brand,
          model: one.model,
          product_codes: one.productCodes,
          body: toJson(one),
        })),
      )
      .onConflict((conflict) =>
        conflict.column('di').doUpdateSet((row) => ({
          company: row.ref('excluded.company'),
          brand: row.ref('excluded.brand'),
          model: row.ref('excluded.model'),
          product_codes: row.ref('excluded.product_codes'),
          body: row.ref('excluded.body'),
        })),
      )
      .execute()
  }
}

async function saveProductCodes(trx: Trx, items: FeedFacts['productCodes']): Promise<void> {
  for (const chunk of chunks(lastOf(items, ({ code }) => code))) {
    await trx
      .insertInto('product_codes')
      .values(
        chunk.map((one) => ({
          code: one.code,
          name: one.name,
          device_class: one.deviceClass,
          is_life_support: one.isLifeSupport,
          is_implant: one.isImplant,
          body: toJson(one),
        })),
      )
      .onConflict((conflict) =>
        conflict.column('code').doUpdateSet((row) => ({
          name: row.ref('excluded.name'),
          device_class: row.ref('excluded.device_class'),
          is_life_support: row.ref('excluded.is_life_support'),
          is_implant: row.ref('excluded.is_implant'),
          body: row.ref('excluded.body'),
        })),
      )
      .execute()
  }
}

/** Keeps a maker's form; the same document replaces what it said before. */
export async function saveMds2Form(trx: Trx, form: Mds2Form): Promise<void> {
  const row = {
    manufacturer: form.manufacturer,
    models: form.models,
    version_range: form.range,
    edition: form.edition,
    released: form.released ?? null,
    body: toJson(form),
    withdrawn: null,
  }
  await trx
    .insertInto('mds2_forms')
    .values({ id: form.id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}
