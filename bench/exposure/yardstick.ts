import { readFileSync } from 'node:fs'
import { compareVersions } from '../../packages/core/src/index.ts'
import type { CpeConfiguration, CpeMatch } from '../../packages/core/src/index.ts'
import { devicesOf, modelsOf, readIntel } from './population.ts'

/** What a plain matcher does: each device against each CPE name, field by field, with wildcards. */
export function runYardstick(intel: string, cveFile: string, count: number) {
  const names = readFileSync(cveFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const { configurations } = JSON.parse(line) as {
        readonly configurations: readonly CpeConfiguration[]
      }
      return configurations.flatMap(({ nodes }) => nodes.flat())
    })
    .map((match) => ({ match, fields: match.criteria.split(':') }))
  const devices = devicesOf(modelsOf(readIntel(intel)), count)
  const start = performance.now()
  let found = 0
  for (const { manufacturer, model, version = '*' } of devices) {
    const wanted = ['cpe', '2.3', '*', wordOf(manufacturer), wordOf(model)]
    for (const { match, fields } of names) {
      if (wanted.every((word, at) => word === '*' || fields[at] === '*' || fields[at] === word)) {
        if (isIn(match, version)) found++
      }
    }
  }
  return { seconds: (performance.now() - start) / 1000, devices: devices.length, found }
}

function isIn({ startIncluding, endExcluding }: CpeMatch, version: string): boolean {
  if (startIncluding !== undefined && compareVersions(version, startIncluding) < 0) return false
  return endExcluding === undefined || compareVersions(version, endExcluding) < 0
}

function wordOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '_')
}
