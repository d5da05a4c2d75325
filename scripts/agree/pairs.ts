import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import {
  type CaptureSource,
  findCaptures,
} from '../../packages/server/src/sensor/capture-source.ts'
import { isNdpi } from './ndpi.ts'

/** A capture and the file in which another program says what is in it. */
export interface Pair {
  readonly capture: CaptureSource
  readonly truth: string
}

/** A folder of Zeek's logs, and the captures of the same repository: which of them it belongs to is to be found out. */
export interface LogFolder {
  readonly path: string
  readonly name: string
  readonly candidates: readonly CaptureSource[]
}

export interface GroundTruth {
  readonly ndpi: readonly Pair[]
  readonly arkime: readonly Pair[]
  readonly tcpdump: readonly Pair[]
  readonly ja4: readonly Pair[]
  readonly zeek: readonly LogFolder[]
}

/** Finds every capture below a folder and what other programs say of it. */
export async function findGroundTruth(root: string): Promise<GroundTruth> {
  const captures = await findCaptures([root])
  const byPath = new Map(captures.map((capture) => [capture.path, capture]))
  const files = (readdirSync(root, { recursive: true }) as string[])
    .map((name) => join(root, name))
    .sort()
  const found = {
    ndpi: [] as Pair[],
    arkime: [] as Pair[],
    tcpdump: [] as Pair[],
    ja4: [] as Pair[],
  }
  for (const truth of files.filter(
    (file) => /\.(out|test|json)$/.test(file) && statSync(file).isFile(),
  )) {
    if (truth.endsWith('.json')) {
      const capture = besides(byPath, truth, '.json')
      if (capture !== undefined) found.ja4.push({ capture, truth })
    } else if (truth.endsWith('.test')) {
      const capture = byPath.get(truth.replace(/\.test$/, '.pcap'))
      if (capture !== undefined) found.arkime.push({ capture, truth })
    } else takeOut(byPath, truth, found)
  }
  return { ...found, zeek: logFolders(root, files, captures) }
}

/** nDPI's results lie in `result/`, its captures in `pcap/`; tcpdump's beside their captures. */
function takeOut(
  byPath: ReadonlyMap<string, CaptureSource>,
  truth: string,
  found: { ndpi: Pair[]; tcpdump: Pair[] },
): void {
  const ndpi = byPath.get(join(dirname(truth), '..', 'pcap', basename(truth, '.out')))
  if (ndpi !== undefined && isNdpi(readFileSync(truth, 'utf8'))) {
    found.ndpi.push({ capture: ndpi, truth })
    return
  }
  // The name of an output ends in the options that it was made with.
  for (let stem = truth.slice(0, -'.out'.length); stem !== '';) {
    const capture = ['.pcap', '.pcapng', ''].map((end) => byPath.get(stem + end)).find(Boolean)
    if (capture !== undefined) {
      found.tcpdump.push({ capture, truth })
      return
    }
    const shorter = /^(.*[^/])[-_][^-_/]*$/.exec(stem)?.[1] ?? ''
    stem = shorter
  }
}

/** FoxIO keeps captures and expected values in folders of the same repository. */
function besides(
  byPath: ReadonlyMap<string, CaptureSource>,
  truth: string,
  ending: string,
): CaptureSource | undefined {
  const capture = basename(truth, ending)
  for (
    let folder = dirname(truth);
    folder.length > 1 && existsSync(folder);
    folder = dirname(folder)
  ) {
    const found = byPath.get(join(folder, 'pcap', capture))
    if (found !== undefined) return found
  }
  return undefined
}

function logFolders(
  root: string,
  files: readonly string[],
  captures: readonly CaptureSource[],
): LogFolder[] {
  const folders = [...new Set(files.filter((file) => file.endsWith('.log')).map(dirname))]
  return folders.map((path) => {
    const name = relative(root, path)
    const repository = join(root, name.split(sep)[0]!) + sep
    return { path, name, candidates: captures.filter((one) => one.path.startsWith(repository)) }
  })
}
