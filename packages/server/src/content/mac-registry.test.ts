import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { MacRegistry, makerOfMac } from './mac-registry.ts'

const FILE = createRequire(import.meta.url).resolve('oui-data')

/** An address in the block, whose other digits are zeros. */
function addressIn(block: string): string {
  return block.padEnd(12, '0').match(/../g)!.join(':').toLowerCase()
}

test('every registered block answers with the first line of what the file says of it', () => {
  const bytes = readFileSync(FILE)
  const blocks = JSON.parse(bytes.toString('utf8')) as Record<string, string>
  const registry = new MacRegistry(bytes)
  expect(registry.size).toBe(Object.keys(blocks).length)
  const wrong = Object.entries(blocks).filter(([block, text]) => {
    // An address whose next digits are zeros may lie in a smaller block.
    const digits = block.padEnd(12, '0')
    const smallest = [9, 7, 6].map((length) => blocks[digits.slice(0, length)]).find(Boolean)
    return registry.organisationOf(addressIn(block)) !== (smallest ?? text).split('\n')[0]
  })
  expect(wrong).toEqual([])
})

test('the smallest block with an address counts, and letters and escapes are read as JSON has them', () => {
  const blocks = {
    '0050C2': 'IEEE Registration\nPiscataway',
    '0050C2001': 'Häusler "Med" \\ Söhne\nStraße 1\nBerlin',
    '0050C20': 'Middle',
    '0050C2002': '',
    AABBCC: '',
  }
  const registry = new MacRegistry(Buffer.from(JSON.stringify(blocks, undefined, 2)))
  expect(registry.organisationOf('00:50:c2:00:12:34')).toBe('Häusler "Med" \\ Söhne')
  expect(registry.organisationOf('00:50:c2:01:12:34')).toBe('Middle')
  expect(registry.organisationOf('00:50:c2:f1:12:34')).toBe('IEEE Registration')
  // A block without a name says nothing.
  expect(registry.organisationOf('00:50:c2:00:22:34')).toBe('Middle')
  expect(registry.organisationOf('aa:bb:cc:00:00:00')).toBeUndefined()
  expect(registry.organisationOf('aa:bb:cd:00:00:00')).toBeUndefined()
  expect(registry.organisationOf('00:50')).toBeUndefined()
})

test('the index grows with the blocks', () => {
  const blocks = Object.fromEntries(
    Array.from({ length: 70_000 }, (_, number) => [
      number.toString(16).toUpperCase().padStart(6, '0'),
      `Maker ${number}`,
    ]),
  )
  const registry = new MacRegistry(Buffer.from(JSON.stringify(blocks, undefined, 1)))
  const wrong = Object.entries(blocks).filter(
    ([block, name]) => registry.organisationOf(addressIn(block)) !== name,
  )
  expect(wrong).toEqual([])
})

test('a file of another form is refused, not taken for one without blocks', () => {
  expect(() => new MacRegistry(Buffer.from('{"0050C2":"IEEE"}'))).toThrow('no line for each block')
})

test.each(['', '{\n  "AABBCC": "x",\n  "AABB', '{\n  "AABBCC": "Maker'])(
  'a file that is cut off is refused: %j',
  (text) => {
    expect(() => new MacRegistry(Buffer.from(text))).toThrow('cut off')
  },
)

test('the registry that comes with the product is read', () => {
  expect(makerOfMac('00:00:0c:01:02:03')).toMatch(/Cisco/)
  expect(makerOfMac('02:00:00:00:00:01')).toBeUndefined()
})
