import { Worker } from 'node:worker_threads'
import { indexAdvisories } from '../../packages/core/src/exposure/advisory-index.ts'
import { openCpeIndex } from '../../packages/core/src/exposure/cpe-index.ts'
import { match } from '../../packages/core/src/exposure/match.ts'
import type { Advisory, AdvisoryIndex, CpeColumns, Device } from '../../packages/core/src/index.ts'
import { devicesOf, modelsOf, readIntel, readMakers, sideBySide } from './population.ts'

export interface Row {
  readonly assets: number
  readonly advisories: number
  readonly cves: number
  readonly findings: number
  /** Seconds, from the start of the process. */
  readonly seconds: number
  readonly read: number
  /** When the CVEs came from their thread, counted from the begin of reading. */
  readonly join: number
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

/** The run whose time is the median of several. */
export interface MedianRow extends Row {
  /** Seconds of the fastest and of the slowest. */
  readonly range: readonly [number, number]
}

export interface Compiled {
  readonly index: AdvisoryIndex
  readonly advisories: readonly Advisory[]
  readonly devices: readonly Device[]
  readonly read: number
  readonly compile: number
  readonly join: number
  readonly cves: number
}

/**
 * Everything from disk to an index, CVEs in a thread as in the product's stage; devices are made meanwhile and not
 * counted.
 */
export async function compileAll(intel: string, cveFile: string, count: number): Promise<Compiled> {
  const start = performance.now()
  const reading = readInThread(cveFile)
  const advisories = readIntel(intel)
  const makers = readMakers()
  const read = performance.now()
  const own = indexAdvisories(advisories, makers)
  const columns = await reading
  const joined = performance.now()
  const index = { ...own, cpes: openCpeIndex(columns, makers) }
  const compiled = performance.now()
  const devices = devicesOf(modelsOf(advisories), count)
  return {
    index,
    advisories,
    devices,
    cves: columns.cves.ends.length,
    read: (read - start) / 1000,
    compile: (compiled - read) / 1000,
    join: (joined - start) / 1000,
  }
}

function readInThread(file: string): Promise<CpeColumns> {
  const worker = new Worker(new URL('./cve-worker.ts', import.meta.url), { workerData: file })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

export async function runRow(intel: string, cveFile: string, count: number): Promise<Row> {
  const startup = performance.now() / 1000
  const { index, advisories, devices, read, compile, join, cves } = await compileAll(
    intel,
    cveFile,
    count,
  )
  const start = performance.now()
  let findings = 0
  const ordered = sideBySide(devices)
  for (const device of ordered) {
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
    join,
    compile,
    match: matched,
    cpu: (user + system) / 1e6,
    rss,
    advisory: timeAdvisory(advisories, ordered),
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
