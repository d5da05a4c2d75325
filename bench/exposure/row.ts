import { readFileSync } from 'node:fs'
import { indexAdvisories, match, startCpeIndex } from '../../packages/core/src/index.ts'
import type {
  Advisory,
  AdvisoryIndex,
  CpeConfiguration,
  Device,
} from '../../packages/core/src/index.ts'
import { devicesOf, modelsOf, readIntel, readMakers } from './population.ts'

export interface Row {
  readonly assets: number
  readonly advisories: number
  readonly cves: number
  readonly findings: number
  /** Seconds, from the start of the process. */
  readonly seconds: number
  readonly read: number
  readonly compile: number
  readonly match: number
  /** Seconds of processor time, all threads: on a busy machine the figure that stays. */
  readonly cpu: number
  /** Megabytes at the peak. */
  readonly rss: number
  /** Seconds from a new advisory to all its findings. */
  readonly advisory: number
  /** Milliseconds for one asset with a version that was never seen before. */
  readonly asset: number
}

export interface Compiled {
  readonly index: AdvisoryIndex
  readonly advisories: readonly Advisory[]
  readonly devices: readonly Device[]
  readonly read: number
  readonly compile: number
  readonly cves: number
}

/** Everything from disk to an index; devices are made meanwhile and not counted. */
export function compileAll(intel: string, cveFile: string, count: number): Compiled {
  const start = performance.now()
  const advisories = readIntel(intel)
  const makers = readMakers()
  const builder = startCpeIndex(makers)
  let cves = 0
  let from = 0
  const bytes = readFileSync(cveFile)
  for (let to = bytes.indexOf(10); from < bytes.length; to = bytes.indexOf(10, from)) {
    const end = to < 0 ? bytes.length : to
    const one = JSON.parse(bytes.toString('utf8', from, end)) as {
      readonly id: string
      readonly configurations: readonly CpeConfiguration[]
    }
    builder.add(one.id, one.configurations)
    cves++
    from = end + 1
  }
  const read = performance.now()
  const index = indexAdvisories(advisories, makers, builder.build())
  const compiled = performance.now()
  const devices = devicesOf(modelsOf(advisories), count)
  return {
    index,
    advisories,
    devices,
    cves,
    read: (read - start) / 1000,
    compile: (compiled - read) / 1000,
  }
}

export function runRow(intel: string, cveFile: string, count: number): Row {
  const startup = performance.now() / 1000
  const { index, advisories, devices, read, compile, cves } = compileAll(intel, cveFile, count)
  const start = performance.now()
  let findings = 0
  for (const device of devices) {
    for (const { verdict } of match(device, index)) if (verdict !== 'not-affected') findings++
  }
  const matched = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage()
  const rss = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)
  return {
    assets: count,
    advisories: advisories.length,
    cves,
    findings,
    seconds: startup + read + compile + matched,
    read,
    compile,
    match: matched,
    cpu: (user + system) / 1e6,
    rss,
    advisory: timeAdvisory(advisories, devices),
    asset: timeAsset(devices, index),
  }
}

/** The advisory that names most products comes in as a new one, and is held against every device. */
function timeAdvisory(advisories: readonly Advisory[], devices: readonly Device[]): number {
  const largest = advisories.reduce((one, other) => {
    const isMedical = other.id.startsWith('ICSMA')
    return isMedical && other.products.length > one.products.length ? other : one
  })
  const makers = readMakers()
  const start = performance.now()
  const index = indexAdvisories([{ ...largest, id: 'NEW' }], makers)
  for (const device of devices) match(device, index)
  return (performance.now() - start) / 1000
}

/** The slowest of two hundred devices, each with a version that nothing is remembered of. */
function timeAsset(devices: readonly Device[], index: AdvisoryIndex): number {
  const times = devices.slice(0, 200).map((device, at) => {
    const start = performance.now()
    match({ ...device, version: `7.7.${at}` }, index)
    return performance.now() - start
  })
  return Math.max(...times)
}
