import type { Device, Match, SbomComponent } from '../vocabulary.ts'
import { clauseOfCpe, parseCpe, productKeys, sayClause } from './cpe.ts'
import type { CpeConfiguration, CpeMatch } from './facts.ts'
import type { MakerNames } from './maker.ts'
import { makerKeys, makerWords } from './maker.ts'
import type { Answer } from './range-answer.ts'
import { answerOf } from './range-answer.ts'
import type { Clause } from './range.ts'

/** CPE configurations of hundreds of thousands of CVEs, in numbers: no object for each. */
export interface CpeIndex {
  readonly size: number
  /** One match for each CVE that names the device or a part of it, `not-affected` ones left out. */
  matchesFor(device: Device): readonly Match[]
  /** What a CVE says of a device, also where it clears it. */
  explain(device: Device, cve: string): Match | undefined
}

export interface CpeIndexBuilder {
  add(cve: string, configurations: readonly CpeConfiguration[]): void
  build(): CpeIndex
}

/** Numbers that grow. */
class Column {
  #values = new Int32Array(1024)
  length = 0

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(this.#values.length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.length++] = value
  }

  at(index: number): number {
    return this.#values[index] ?? -1
  }
}

interface Name {
  readonly vendor: string
  readonly product: string
}

/** What device or part is looked for, and in which version. */
interface Sought {
  readonly names: ReadonlySet<number>
  readonly label: string
  readonly version: string | undefined
  readonly isPart: boolean
}

/** Takes CVEs one by one, so that they never have to be in memory together. */
export function startCpeIndex(makers?: MakerNames): CpeIndexBuilder {
  const cves: string[] = []
  const cveOfConfig = new Column()
  const firstOfConfig = new Column()
  const nameOf = new Column()
  const configOf = new Column()
  const nodeOf = new Column()
  const clauseOf = new Column()
  const names: Name[] = []
  const nameIds = new Map<string, number>()
  const clauses: Clause[] = []
  const clauseIds = new Map<string, number>()

  const nameId = (
    criteria: string,
  ): { name: number; version: string; update: string } | undefined => {
    const cpe = parseCpe(criteria)
    if (cpe === undefined) return undefined
    const key = `${cpe.vendor}\t${cpe.product.replace(/_firmware$/, '')}`
    let name = nameIds.get(key)
    if (name === undefined) {
      name = names.length
      nameIds.set(key, name)
      names.push({ vendor: cpe.vendor, product: cpe.product.replace(/_firmware$/, '') })
    }
    return { name, version: cpe.version, update: cpe.update }
  }

  const clauseId = (version: string, update: string, match: CpeMatch): number => {
    const { startIncluding, startExcluding, endIncluding, endExcluding } = match
    const key = `${version}\t${update}\t${startIncluding}\t${startExcluding}\t${endIncluding}\t${endExcluding}`
    let id = clauseIds.get(key)
    if (id === undefined) {
      id = clauses.length
      clauseIds.set(key, id)
      clauses.push(clauseOfCpe({ version, update }, match))
    }
    return id
  }

  return {
    add(cve, configurations) {
      const at = cves.push(cve) - 1
      for (const { nodes } of configurations) {
        const config = cveOfConfig.length
        cveOfConfig.push(at)
        firstOfConfig.push(nameOf.length)
        nodes.forEach((matches, node) => {
          for (const match of matches) {
            const found = nameId(match.criteria)
            if (found === undefined) continue
            nameOf.push(found.name)
            configOf.push(config)
            nodeOf.push(node * 2 + (match.vulnerable ? 1 : 0))
            clauseOf.push(clauseId(found.version, found.update, match))
          }
        })
      }
    },

    build() {
      clauseIds.clear()
      nameIds.clear()
      const postings = postingsOf(nameOf, names.length)
      const findNames = findByMaker(names, makers)
      const find = (device: Device) => soughtOf(device, findNames)

      const judgeConfig = (config: number, sought: Sought): { answer: Answer; match: number } => {
        const end = config + 1 < firstOfConfig.length ? firstOfConfig.at(config + 1) : nameOf.length
        const answers: Answer[] = []
        const named = new Set<number>()
        let best = -1
        for (let match = firstOfConfig.at(config); match < end; match++) {
          const node = nodeOf.at(match) >> 1
          if (sought.names.has(nameOf.at(match))) named.add(node)
          const own = answerOfMatch(match, sought)
          if ((nodeOf.at(match) & 1) === 1 && sought.names.has(nameOf.at(match))) {
            if (best < 0 || own === 'in') best = match
          }
          answers[node] = better(answers[node], own)
        }
        // Another program that has to be there too may be on the device, seen or not.
        answers.forEach((answer, node) => {
          if (answer === 'out' && !named.has(node)) answers[node] = 'maybe'
        })
        return { answer: allOf(answers), match: best }
      }

      const answerOfMatch = (match: number, sought: Sought): Answer => {
        const isNamed = sought.names.has(nameOf.at(match))
        const isVulnerable = (nodeOf.at(match) & 1) === 1
        // What it runs on or with is not known of a device: that leaves it open.
        if (!isNamed) return isVulnerable ? 'out' : 'maybe'
        if (!isVulnerable) return 'in'
        const clause = clauses[clauseOf.at(match)]
        if (clause === undefined) return 'maybe'
        if (clause.kind === 'all') return 'in'
        return sought.version === undefined ? 'maybe' : answerOf(clause, sought.version)
      }

      const matchOf = (cve: string, answer: Answer, match: number, sought: Sought): Match => {
        const { vendor, product } = names[nameOf.at(match)] ?? { vendor: '', product: '' }
        const clause = clauses[clauseOf.at(match)] ?? { kind: 'all' as const }
        const range = sayClause(clause)
        const name = `${vendor} ${product}`.replaceAll('_', ' ')
        const verdict =
          answer === 'in' ? 'affected' : answer === 'out' ? 'not-affected' : 'possibly-affected'
        const inside = sought.isPart ? ` inside it` : ''
        const known = sought.version ?? 'not known'
        const reason =
          answer === 'in'
            ? `${name}${inside} is affected in ${range}${clause.kind === 'all' ? '' : `, and this one is ${known}`}.`
            : answer === 'out'
              ? `${name}${inside} is affected only in ${range}, and this one is ${known}.`
              : `${name}${inside} is affected in ${range}; whether this one is, cannot be said: its version is ${known}.`
        const because = {
          pid: `${vendor}:${product}`,
          product: name,
          range,
          version: sought.version,
          reason,
        }
        const found = {
          advisoryId: cve,
          cves: [cve],
          verdict,
          matcher: sought.isPart ? 'component' : 'cpe',
          because,
        } as const
        return verdict === 'possibly-affected' ? { ...found, missing: 'firmware' } : found
      }

      const judgeAll = (device: Device, wanted?: string): Map<string, Match> => {
        const found = new Map<string, Match>()
        for (const sought of find(device)) {
          const configs = new Set<number>()
          for (const name of sought.names) {
            for (
              let at = postings.offsets[name] ?? 0;
              at < (postings.offsets[name + 1] ?? 0);
              at++
            ) {
              configs.add(configOf.at(postings.matches[at] ?? 0))
            }
          }
          for (const config of configs) {
            const cve = cves[cveOfConfig.at(config)] ?? ''
            if (wanted !== undefined && cve !== wanted) continue
            const { answer, match } = judgeConfig(config, sought)
            if (match < 0 || (answer === 'out' && wanted === undefined)) continue
            const before = found.get(cve)
            if (before?.verdict === 'affected' || (before !== undefined && answer !== 'in'))
              continue
            found.set(cve, matchOf(cve, answer, match, sought))
          }
        }
        return found
      }

      return {
        size: cves.length,
        matchesFor: (device) => [...judgeAll(device).values()],
        explain: (device, cve) => judgeAll(device, cve).get(cve),
      }
    },
  }
}

const ORDER: readonly Answer[] = ['in', 'maybe', 'other', 'out']

function better(one: Answer | undefined, other: Answer): Answer {
  return one === undefined || ORDER.indexOf(other) < ORDER.indexOf(one) ? other : one
}

function allOf(answers: readonly (Answer | undefined)[]): Answer {
  if (answers.includes('out')) return 'out'
  return answers.every((answer) => answer === 'in') ? 'in' : 'maybe'
}

/** Matches by name, in two arrays: those of a name are neighbours. */
function postingsOf(nameOf: Column, count: number) {
  const offsets = new Int32Array(count + 1)
  for (let at = 0; at < nameOf.length; at++) offsets[nameOf.at(at) + 1]! += 1
  for (let name = 0; name < count; name++) offsets[name + 1]! += offsets[name]!
  const next = offsets.slice()
  const matches = new Int32Array(nameOf.length)
  for (let at = 0; at < nameOf.length; at++) {
    const name = nameOf.at(at)
    matches[next[name]!] = at
    next[name]! += 1
  }
  return { offsets, matches }
}

/** Finds the names of a maker's product; what a maker has is read when it is first asked for. */
type FindNames = (manufacturer: string, model: string) => ReadonlySet<number>

function findByMaker(names: readonly Name[], makers: MakerNames | undefined): FindNames {
  const byVendor = new Map<string, number[]>()
  names.forEach(({ vendor }, id) => {
    const list = byVendor.get(vendor)
    if (list === undefined) byVendor.set(vendor, [id])
    else list.push(id)
  })
  const vendorsByMaker = new Map<string, string[]>()
  for (const vendor of byVendor.keys()) {
    for (const key of makerKeys(vendor.replaceAll('_', ' '), makers)) {
      const list = vendorsByMaker.get(key)
      if (list === undefined) vendorsByMaker.set(key, [vendor])
      else list.push(vendor)
    }
  }
  const shelves = new Map<string, ReadonlyMap<string, readonly number[]>>()
  const shelfOf = (key: string) => {
    const known = shelves.get(key)
    if (known !== undefined) return known
    const shelf = new Map<string, number[]>()
    for (const vendor of vendorsByMaker.get(key) ?? []) {
      const words = makerWords([vendor.replaceAll('_', ' ')], makers)
      for (const id of byVendor.get(vendor) ?? []) {
        for (const own of productKeys(names[id]?.product ?? '', words)) {
          const list = shelf.get(own)
          if (list === undefined) shelf.set(own, [id])
          else list.push(id)
        }
      }
    }
    shelves.set(key, shelf)
    return shelf
  }
  const remembered = new Map<string, ReadonlySet<number>>()
  return (manufacturer, model) => {
    const key = `${manufacturer}\t${model}`
    const known = remembered.get(key)
    if (known !== undefined) return known
    const products = productKeys(model, makerWords([manufacturer], makers))
    const found = new Set(
      makerKeys(manufacturer, makers).flatMap((maker) => {
        const shelf = shelfOf(maker)
        return products.flatMap((own) => shelf.get(own) ?? [])
      }),
    )
    remembered.set(key, found)
    return found
  }
}

function soughtOf(device: Device, find: FindNames): readonly Sought[] {
  const { manufacturer, model, version, parts = [] } = device
  const whole = { names: find(manufacturer, model), label: model, version, isPart: false }
  return [whole, ...parts.map((part) => soughtPart(part, find))].filter(
    ({ names }) => names.size > 0,
  )
}

/** A part is known by its CPE name, or by supplier and name; never by its name alone. */
function soughtPart(part: SbomComponent, find: FindNames): Sought {
  const cpe = part.cpe === undefined ? undefined : parseCpe(part.cpe)
  const supplier = cpe?.vendor.replaceAll('_', ' ') ?? part.supplier ?? supplierIn(part.purl)
  const name = cpe?.product ?? part.name
  const version =
    part.version ?? (cpe !== undefined && /\d/.test(cpe.version) ? cpe.version : undefined)
  const names = supplier === undefined ? new Set<number>() : find(supplier, name)
  return { names, label: name, version, isPart: true }
}

/** `pkg:maven/org.apache.tomcat/tomcat@9.0.37`: the namespace ends in or before the supplier. */
function supplierIn(purl: string | undefined): string | undefined {
  const namespace = /^pkg:[\w.+-]+\/([^/@]+)\/[^/@]+/.exec(purl ?? '')?.[1]
  return namespace?.replace(/^(?:org|com|net|io|de)\./, '').split('.')[0]
}
