import type { Device, Match } from '../vocabulary.ts'
import { sayClause } from './cpe.ts'
import { productAt, startCpeColumns, type CpeColumns } from './cpe-columns.ts'
import { findByMaker, soughtOf, type SoughtCpe } from './cpe-names.ts'
import type { CpeConfiguration } from './facts.ts'
import type { MakerNames } from './maker.ts'
import type { Answer } from './range-answer.ts'
import { answerOf } from './range-answer.ts'
import { textAt } from './texts.ts'

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

/** Takes CVEs one by one and makes an index of them. */
export function startCpeIndex(makers?: MakerNames): CpeIndexBuilder {
  const columns = startCpeColumns()
  return { add: columns.add, build: () => openCpeIndex(columns.finish(), makers) }
}

/** What the configurations say of devices. */
export function openCpeIndex(columns: CpeColumns, makers?: MakerNames): CpeIndex {
  const { cves, cveOfConfig, offsets } = columns
  const size = cves.ends.length
  const findNames = findByMaker(columns, makers)
  const judge = judgeConfigs(columns)
  const sayMatch = sayMatches(columns)

  /** Configurations that name a product: the names of a model are one set, so they are collected once. */
  const collected = new WeakMap<ReadonlySet<number>, Int32Array>()
  const configsOf = (own: ReadonlySet<number>): Int32Array => {
    const known = collected.get(own)
    if (known !== undefined) return known
    const found = new Set<number>()
    for (const name of own) {
      const end = offsets[name + 1] ?? 0
      for (let at = offsets[name] ?? 0; at < end; at++) found.add(columns.configs[at]!)
    }
    const configs = Int32Array.from(found)
    collected.set(own, configs)
    return configs
  }

  // Where the match of a CVE stands among those found last; true only while that place holds the same CVE.
  const placeOf = new Int32Array(size)
  const numbers: number[] = []

  const judgeAll = (device: Device, wanted?: string): readonly Match[] => {
    const found: Match[] = []
    for (const sought of soughtOf(device, findNames)) {
      for (const config of configsOf(sought.names)) {
        const number = cveOfConfig[config]!
        if (wanted !== undefined && textAt(cves, number) !== wanted) continue
        const place = placeOf[number]!
        const before = numbers[place] === number ? found[place] : undefined
        if (before?.verdict === 'affected') continue
        const { answer, match } = judge(config, sought)
        if (match < 0 || (answer === 'out' && wanted === undefined)) continue
        if (before === undefined) {
          placeOf[number] = found.length
          numbers[found.length] = number
        } else if (answer !== 'in') continue
        found[placeOf[number]!] = sayMatch(number, answer, match, sought)
      }
    }
    return found
  }

  return {
    size,
    matchesFor: (device) => judgeAll(device),
    explain: (device, cve) => judgeAll(device, cve)[0],
  }
}

/** How well a version answers: of the alternatives of a node the best one counts. */
const RANK = { in: 0, maybe: 1, other: 2, out: 3 } as const satisfies Record<Answer, number>
const ANSWERS = ['in', 'maybe', 'other', 'out'] as const
/** A node of which no name could be read says nothing. */
const SILENT = 4

/** Answers to a range and a version that are kept, at some 40 bytes each. */
const MOST_RANKS = 1_000_000

/** Judges one configuration after the other in the same few numbers, as hundreds are judged for each device. */
function judgeConfigs({ firstOfConfig, nameOf, nodeOf, clauseOf, clauses }: CpeColumns) {
  let ranks = new Uint8Array(16)
  let named = new Uint8Array(16)
  const result: { answer: Answer; match: number } = { answer: 'out', match: -1 }

  // CVEs name the same ranges again and again, and a hospital has few versions: each is asked once for a version.
  const known = new Map<string, Map<number, number>>()
  let count = 0
  let last: { readonly version: string; readonly ranks: Map<number, number> } | undefined
  const ranksOf = (version: string): Map<number, number> => {
    if (last?.version === version) return last.ranks
    if (count > MOST_RANKS) {
      known.clear()
      count = 0
    }
    const own = known.get(version) ?? new Map<number, number>()
    known.set(version, own)
    last = { version, ranks: own }
    return own
  }
  const rankOf = (clause: number, version: string | undefined): number => {
    const own = clauses[clause]!
    if (own.kind === 'all') return RANK.in
    if (version === undefined) return RANK.maybe
    const ofVersion = ranksOf(version)
    let rank = ofVersion.get(clause)
    if (rank === undefined) {
      ofVersion.set(clause, (rank = RANK[answerOf(own, version)]))
      count++
    }
    return rank
  }

  const makeRoom = (nodes: number): void => {
    if (nodes > ranks.length) {
      ranks = new Uint8Array(nodes * 2)
      named = new Uint8Array(nodes * 2)
    }
    // Nearly all have one or two: a loop is shorter than the call.
    for (let node = 0; node < nodes; node++) {
      ranks[node] = SILENT
      named[node] = 0
    }
  }

  const combine = (nodes: number): Answer => {
    let worst: number = RANK.in
    for (let node = 0; node < nodes; node++) {
      let rank = ranks[node]!
      if (rank === SILENT) continue
      // Another program that has to be there too may be on the device, seen or not.
      if (rank === RANK.out && named[node] === 0) rank = RANK.maybe
      if (rank > worst) worst = rank
    }
    return worst === RANK.other ? 'maybe' : ANSWERS[worst]!
  }

  /** The answer, and the match that tells why; less than 0 where none names the product. Read it before the next call. */
  return (config: number, { names, version }: SoughtCpe): Readonly<typeof result> => {
    const first = firstOfConfig[config]!
    const end = firstOfConfig[config + 1]!
    const nodes = end > first ? (nodeOf[end - 1]! >> 1) + 1 : 0
    makeRoom(nodes)
    result.match = -1
    for (let match = first; match < end; match++) {
      const node = nodeOf[match]! >> 1
      const isVulnerable = (nodeOf[match]! & 1) === 1
      // What it runs on or with is not known of a device: that leaves it open.
      let rank: number = isVulnerable ? RANK.out : RANK.maybe
      if (names.has(nameOf[match]!)) {
        named[node] = 1
        rank = isVulnerable ? rankOf(clauseOf[match]!, version) : RANK.in
        if (isVulnerable && (result.match < 0 || rank === RANK.in)) result.match = match
      }
      if (rank < ranks[node]!) ranks[node] = rank
    }
    result.answer = combine(nodes)
    return result
  }
}

/** Puts the answer of a configuration into words; what is the same for each device is made once. */
function sayMatches(columns: CpeColumns) {
  const { cves, vendors, names, vendorOf, nameOf, clauses, clauseOf } = columns
  const said: { readonly pid: string; readonly product: string }[] = []
  const sayProduct = (name: number) => {
    if (said[name] !== undefined) return said[name]
    const [vendor, product] = [vendors[vendorOf[name]!]!, productAt(names, name)]
    return (said[name] = {
      pid: `${vendor}:${product}`,
      product: `${vendor} ${product}`.replaceAll('_', ' '),
    })
  }
  const ranges: string[] = []
  const rangeOf = (clause: number) =>
    (ranges[clause] ??= sayClause(clauses[clause] ?? { kind: 'all' as const }))

  const lists: (readonly [string])[] = []
  const listOf = (number: number) => (lists[number] ??= [textAt(cves, number)])

  return (number: number, answer: Answer, match: number, { version, isPart }: SoughtCpe): Match => {
    const cves = listOf(number)
    const [cve] = cves
    const clause = clauseOf[match]!
    const { pid, product } = sayProduct(nameOf[match]!)
    const range = rangeOf(clause)
    const isAll = (clauses[clause]?.kind ?? 'all') === 'all'
    const reason = sayReason(
      answer,
      `${product}${isPart ? ' inside it' : ''}`,
      range,
      version,
      isAll,
    )
    const because = { pid, product, range, version, reason }
    const verdict =
      answer === 'in' ? 'affected' : answer === 'out' ? 'not-affected' : 'possibly-affected'
    const matcher = isPart ? 'component' : 'cpe'
    if (verdict !== 'possibly-affected') return { advisoryId: cve, cves, verdict, matcher, because }
    return { advisoryId: cve, cves, verdict, matcher, because, missing: 'firmware' }
  }
}

function sayReason(
  answer: Answer,
  name: string,
  range: string,
  version: string | undefined,
  isAll: boolean,
): string {
  const known = version ?? 'not known'
  if (answer === 'in')
    return `${name} is affected in ${range}${isAll ? '' : `, and this one is ${known}`}.`
  if (answer === 'out') return `${name} is affected only in ${range}, and this one is ${known}.`
  return `${name} is affected in ${range}; whether this one is, cannot be said: its version is ${known}.`
}
