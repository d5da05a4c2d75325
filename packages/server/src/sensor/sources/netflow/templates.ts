import type { Cursor } from '@wardkeeper/dissect'
import { type Draft, newDraft, readerOf } from './fields.ts'
import type { NetflowCounters } from './record.ts'

const MOST_FIELDS = 256
const MOST_TEMPLATES = 1024
const VARIABLE = 0xffff
const ENTERPRISE = 0x8000

interface Field {
  readonly length: number
  readonly read: ((draft: Draft, value: Cursor) => void) | undefined
}

/** What the data sets of one number hold, field after field. */
export interface Template {
  readonly fields: readonly Field[]
  readonly isOptions: boolean
  /** No record is shorter: what is left beyond is padding. */
  readonly shortest: number
}

/** The templates of one exporter and domain. Bounded. */
export class Templates {
  readonly #byId = new Map<number, Template>()

  get(id: number): Template | undefined {
    return this.#byId.get(id)
  }

  /** A set of NetFlow v9 templates (RFC 3954 §5.2). */
  readV9(set: Cursor, counters: NetflowCounters): void {
    while (set.remaining >= 4) {
      const id = set.u16()
      const count = set.u16()
      this.#learn(id, readFields(set, count, false), false, set.ok, counters)
    }
  }

  /** A set of NetFlow v9 options templates (RFC 3954 §6.1): lengths in bytes. */
  readV9Options(set: Cursor, counters: NetflowCounters): void {
    while (set.remaining >= 6) {
      const id = set.u16()
      const scope = set.u16() >>> 2
      const options = set.u16() >>> 2
      // Scopes are numbered on their own: their values are passed over.
      const fields = [
        ...readFields(set, scope, false).map(unread),
        ...readFields(set, options, false),
      ]
      this.#learn(id, fields, true, set.ok, counters)
    }
  }

  /** A set of IPFIX templates (RFC 7011 §3.4.1); one without fields takes back (§8.1). */
  readIpfix(set: Cursor, counters: NetflowCounters): void {
    while (set.remaining >= 4) {
      const id = set.u16()
      const count = set.u16()
      if (count === 0) this.#byId.delete(id)
      else this.#learn(id, readFields(set, count, true), false, set.ok, counters)
    }
  }

  /** A set of IPFIX options templates (RFC 7011 §3.4.2); the scope fields are ordinary ones. */
  readIpfixOptions(set: Cursor, counters: NetflowCounters): void {
    while (set.remaining >= 4) {
      const id = set.u16()
      const count = set.u16()
      if (count === 0) {
        this.#byId.delete(id)
        continue
      }
      set.skip(2)
      this.#learn(id, readFields(set, count, true), true, set.ok, counters)
    }
  }

  #learn(
    id: number,
    fields: readonly Field[],
    isOptions: boolean,
    isWhole: boolean,
    counters: NetflowCounters,
  ): void {
    if (!isWhole || id < 256 || fields.length === 0) return
    const shortest = fields.reduce((sum, { length }) => sum + (length === VARIABLE ? 1 : length), 0)
    // A record without bytes would never end its set.
    if (shortest === 0) return
    if (this.#byId.size >= MOST_TEMPLATES && !this.#byId.has(id)) return
    counters.templates++
    this.#byId.set(id, { fields, isOptions, shortest })
  }
}

function unread({ length }: Field): Field {
  return { length, read: undefined }
}

function readFields(set: Cursor, count: number, hasEnterprises: boolean): Field[] {
  if (count > MOST_FIELDS) {
    set.skip(set.remaining + 1)
    return []
  }
  const fields: Field[] = []
  for (let left = count; left > 0 && set.ok; left--) {
    const element = set.u16()
    const length = set.u16()
    const isEnterprise = hasEnterprises && (element & ENTERPRISE) !== 0
    const enterprise = isEnterprise ? set.u32() : 0
    const number = isEnterprise ? element & ~ENTERPRISE : element
    fields.push({ length, read: readerOf(enterprise, number) })
  }
  return fields
}

/** Reads one record; the cursor is not `ok` afterwards where the set breaks off inside of it. */
export function readRecord(set: Cursor, { fields }: Template): Draft {
  const draft = newDraft()
  for (const { length, read } of fields) {
    const value = set.take(length === VARIABLE ? variableLength(set) : length)
    if (value.ok) read?.(draft, value)
  }
  return draft
}

/** RFC 7011 §7. */
function variableLength(set: Cursor): number {
  const short = set.u8()
  return short === 255 ? set.u16() : short
}
