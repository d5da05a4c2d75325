import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LineWriter } from './line-writer.ts'

function written(write: (out: LineWriter) => void): string {
  const path = join(mkdtempSync(join(tmpdir(), 'wardkeeper-lines-')), 'lines.jsonl')
  const out = new LineWriter(path)
  write(out)
  out.close()
  return readFileSync(path, 'utf8')
}

test.each([
  ['plain', 'Infusomat 050'],
  ['empty', ''],
  ['a quote', 'say "ah"'],
  ['a backslash', String.raw`C:\pump`],
  ['a line end', 'one\ntwo'],
  ['delete', 'a\u007fb'],
  ['an umlaut', 'Dräger'],
  ['beyond the plane', '😀'],
  ['half a pair', '\ud83d'],
  ['long', 'x'.repeat(5000)],
  ['longer than the buffer', 'ä'.repeat(3 << 20)],
])('writes a string with %s as JSON has it', (_case, text) => {
  expect(written((out) => out.string(text).end())).toBe(`${JSON.stringify(text)}\n`)
})

test.each([0, 9, 10, 99, 100, 12_345_678, 999_999_999, 1e9, 2 ** 32, 2 ** 53, 1.5, -3])(
  'writes the number %d as JSON has it',
  (value) => {
    expect(written((out) => out.number(value).end())).toBe(`${JSON.stringify(value)}\n`)
  },
)

test.each([
  [0, '1970-01-01T00:00:00.000000Z'],
  [1_767_225_600_000_001, '2026-01-01T00:00:00.000001Z'],
  [1_767_225_600_999_999, '2026-01-01T00:00:00.999999Z'],
  [9e18, '1970-01-01T00:00:00.000000Z'],
])('writes the time %d', (micros, text) => {
  expect(written((out) => out.time(micros).end())).toBe(`"${text}"\n`)
})

test('keeps the order of many lines over the edge of its buffer', () => {
  const lines = Array.from({ length: 200_000 }, (_, line) => line)
  const text = written((out) => {
    for (const line of lines) out.raw('{"line":').number(line).raw('}').end()
  })
  expect(text).toBe(lines.map((line) => `{"line":${line}}\n`).join(''))
})
