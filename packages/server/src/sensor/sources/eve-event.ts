import { hostOf, ipOf, isGroup, macOf, microsOf, subjectOf } from './text.ts'
import type { Ends } from './facts/names.ts'
import type { SourceFact } from './source.ts'

/** An object inside an EVE event, read by name; what is not there or of another type is undefined. */
export class EveEvent {
  readonly #values: Readonly<Record<string, unknown>>

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values
  }

  static parse(text: string): EveEvent | undefined {
    try {
      const value: unknown = JSON.parse(text)
      return isObject(value) ? new EveEvent(value) : undefined
    } catch {
      return undefined
    }
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined
  }

  text(name: string): string | undefined {
    const value = this.#values[name]
    if (typeof value === 'number') return String(value)
    return typeof value === 'string' ? value : undefined
  }

  number(name: string): number | undefined {
    const value = this.#values[name]
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  }

  isTrue(name: string): boolean {
    return this.#values[name] === true
  }

  /** An object; empty when there is none. */
  at(name: string): EveEvent {
    const value = this.#values[name]
    return new EveEvent(isObject(value) ? value : {})
  }

  /** The objects of a list. */
  objects(name: string): EveEvent[] {
    const value = this.#values[name]
    return Array.isArray(value) ? value.filter(isObject).map((item) => new EveEvent(item)) : []
  }

  /** The texts and numbers of a list, or a text that stands alone. */
  texts(name: string): string[] {
    const value = this.#values[name]
    if (!Array.isArray(value)) return typeof value === 'string' ? [value] : []
    return value.filter((item) => typeof item === 'string' || typeof item === 'number').map(String)
  }

  micros(name: string): number | undefined {
    return microsOf(this.text(name))
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** MACs of an event, where Suricata is told to log them (`ethernet: yes`). */
export function macsOf(event: EveEvent): { source: string | undefined; dest: string | undefined } {
  const ether = event.at('ether')
  const one = (name: string) =>
    macOf(ether.text(`${name}_mac`) ?? onlyOne(ether.texts(`${name}_macs`)))
  return { source: one('src'), dest: one('dest') }
}

/** Several MACs of one side are routers that share an address: none of them is the host's. */
function onlyOne(macs: readonly string[]): string | undefined {
  return macs.length === 1 ? macs[0] : undefined
}

/** Client and server of an event: of a transaction the source is the client, unless it flows `to_client`. */
export function endsOf(event: EveEvent): Ends {
  const macs = macsOf(event)
  const source = subjectAt(macs.source, event.text('src_ip'))
  const dest = subjectAt(macs.dest, event.text('dest_ip'))
  const isAnswer = event.text('direction') === 'to_client'
  return isAnswer ? { client: dest, server: source } : { client: source, server: dest }
}

/** A group is nobody. */
function subjectAt(mac: string | undefined, text: string | undefined): SourceFact['subject'] {
  const ip = ipOf(text)
  if (ip === undefined || isGroup(ip) || hostOf(ip) === undefined) return {}
  return subjectOf(mac, ip)
}
