import { readFileSync } from 'node:fs'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { LOG_SOURCES } from './index.ts'
import { LineCutter } from './lines.ts'
import { Memory } from './memory.ts'
import { LOG_SAMPLES, SECRETS } from './testing/samples.ts'
import { readFiles } from './testing/read.ts'

const DOCS = ['protocols.md', 'operate/sources.md'].map((name) =>
  readFileSync(new URL(`../../../../../docs/${name}`, import.meta.url), 'utf8'),
)

test('every kind of log has a sample, and only its own reader takes it', () => {
  const taken = LOG_SAMPLES.map(({ name, lines }) => {
    const takers = LOG_SOURCES.filter((source) => source.recognise(lines.join('\n'), name))
    expect(takers, name).toHaveLength(1)
    return takers[0]
  })
  expect(new Set(taken)).toEqual(new Set(LOG_SOURCES))
})

describe.each(LOG_SAMPLES)('$name', ({ name, lines, broken, tells }) => {
  const whole = `${lines.join('\n')}\n`

  test('tells what it must, and every line is read', async () => {
    const { facts, outcomes } = await readFiles({ [name]: whole })
    expect(facts).toEqual(expect.arrayContaining([...tells]))
    expect(outcomes.map(({ rejected }) => rejected)).toEqual([[]])
  })

  test('says which line cannot be read, and reads on', async () => {
    const before = lines.slice(0, -1)
    const { facts, outcomes } = await readFiles({
      [name]: [...before, broken, ...lines.slice(-1)].join('\n'),
    })
    const rejected = outcomes[0]?.rejected ?? []
    expect(rejected).toHaveLength(1)
    // What is wrong inside of a block shows where the block ends.
    expect(rejected[0]?.line).toBeOneOf([lines.length, lines.length + 1])
    const last = await readFiles({ [name]: whole })
    // A block that the broken line cuts through loses what follows the cut.
    const lost = last.facts.filter((fact) => !facts.includes(fact))
    expect(lost.length).toBeLessThan(last.facts.length / 2)
  })

  test.each([
    ['compressed by gzip', `${name}.gz`, gzipSync(whole)],
    ['compressed by Zstandard', `${name}.zst`, zstdCompressSync(Buffer.from(whole))],
    ['with the line ends of Windows', name, whole.replaceAll('\n', '\r\n')],
    ['without a last line end', name, whole.trimEnd()],
  ])('tells the same %s', async (_how, as, content) => {
    const plain = await readFiles({ [name]: whole })
    expect((await readFiles({ [as]: content })).facts).toEqual(plain.facts)
  })

  test('tells nobody by name', async () => {
    const { observations, flows } = await readFiles({ [name]: whole })
    const told = JSON.stringify([observations, flows])
    expect(SECRETS.filter((secret) => told.includes(secret))).toEqual([])
  })

  test('tells only fields that are documented', async () => {
    const { observations } = await readFiles({ [name]: whole })
    const fields = new Set(observations.map(({ field }) => field))
    expect([...fields].filter((field) => !isDocumented(field))).toEqual([])
  })

  test('never throws, whatever the lines hold', () => {
    const source = LOG_SOURCES.find((each) => each.recognise(whole, name))!
    const random = numbers(1)
    let count = 0
    for (let round = 0; round < 300; round++) {
      const reader = source.open({ name, modified: 0, memory: new Memory() })
      const cutter = new LineCutter((text) => {
        if (text !== undefined) reader.line(text)
        count++
      })
      const bytes = Buffer.from(whole)
      for (let flips = 0; flips < 8; flips++) bytes[random(bytes.length)] = random(256)
      cutter.push(bytes.subarray(0, random(bytes.length)))
      cutter.push(bytes.subarray(random(bytes.length)))
      cutter.end()
      reader.end?.()
    }
    expect(count).toBeGreaterThan(300)
  })
})

/** The tables write `tls.certificate-issuer-cn`, `-issuer-o` for fields that begin alike. */
function isDocumented(field: string): boolean {
  const short = field.replace(/^.*\.(?:certificate|device|upnp)-/, '-')
  return DOCS.some((text) => text.includes(`\`${field}\``) || text.includes(`\`${short}\``))
}

function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}
