import { closeSync, openSync, writeSync } from 'node:fs'
import { modelsOf, readIntel, startRandom } from './population.ts'

/** Writes synthetic CVEs in the shape that sources are stored in, one a line. */
export function writeCves(file: string, intel: string, count: number): void {
  const models = modelsOf(readIntel(intel))
  const random = startRandom(11)
  const out = openSync(file, 'w')
  let lines: string[] = []
  for (let at = 0; at < count; at++) {
    lines.push(JSON.stringify({ id: `CVE-2099-${100_000 + at}`, configurations: configure(at) }))
    if (lines.length === 5000) {
      writeSync(out, `${lines.join('\n')}\n`)
      lines = []
    }
  }
  writeSync(out, lines.join('\n'))
  closeSync(out)

  function configure(at: number) {
    const [vendor, product] = at % 10 === 0 ? known() : invented()
    const bounds = {
      startIncluding: `${1 + random(3)}.0`,
      endExcluding: `${2 + random(8)}.${random(10)}`,
    }
    const name = (part: string, own: string, version: string) =>
      `cpe:2.3:${part}:${vendor}:${own}:${version}:*:*:*:*:*:*:*`
    if (at % 2 === 0) {
      const firmware = {
        criteria: name('o', `${product}_firmware`, '*'),
        vulnerable: true,
        ...bounds,
      }
      const hardware = { criteria: name('h', product, '-'), vulnerable: false }
      return [{ nodes: [[firmware], [hardware]] }]
    }
    const exact = Array.from({ length: random(4) }, () => ({
      criteria: name('a', product, `${random(9)}.${random(10)}`),
      vulnerable: true,
    }))
    return [
      { nodes: [[{ criteria: name('a', product, '*'), vulnerable: true, ...bounds }, ...exact]] },
    ]
  }

  function known(): readonly [string, string] {
    const [vendor, model] = models[random(models.length)] ?? ['acme', 'pump']
    return [wordOf(vendor), wordOf(model)]
  }

  function invented(): readonly [string, string] {
    return [`vendor${random(25_000)}`, `product_${random(60_000)}`]
  }
}

function wordOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 60)
}
