import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { table } from './table.ts'

test('a table has what stands in it, and nothing of what every object has', () => {
  const one = table({ model: 'x.model' })
  expect(one['model']).toBe('x.model')
  for (const word of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    expect(one[word]).toBeUndefined()
  }
})

test('no dissector asks a plain object with a word off the wire', () => {
  const folder = new URL('protocols/', import.meta.url)
  const plain = readdirSync(folder)
    .filter((name) => !name.endsWith('.test.ts'))
    .filter((name) => {
      const text = readFileSync(new URL(name, folder), 'utf8')
      return /^(?:export )?const \w+: Readonly<Record<string, [^=]*> = \{/m.test(text)
    })
  expect(plain).toEqual([])
})
