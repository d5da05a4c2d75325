import { expect, test } from 'vitest'
import { LineCutter } from './lines.ts'

function cut(...pieces: readonly (string | Uint8Array)[]): (string | undefined)[] {
  const lines: (string | undefined)[] = []
  const cutter = new LineCutter((text) => lines.push(text))
  for (const piece of pieces) cutter.push(Buffer.from(piece as string))
  cutter.end()
  return lines
}

test('cuts at line feeds wherever the pieces end', () => {
  const text = 'ä one\r\n\ntwo\nthree'
  const expected = ['ä one', '', 'two', 'three']
  expect(cut(text)).toEqual(expected)
  expect(cut(...Array.from(Buffer.from(text), (byte) => Uint8Array.of(byte)))).toEqual(expected)
})

test('keeps what a piece left over when its memory is used again', () => {
  const lines: (string | undefined)[] = []
  const cutter = new LineCutter((text) => lines.push(text))
  const memory = Buffer.from('hal')
  cutter.push(memory)
  memory.write('f\nx')
  cutter.push(memory)
  cutter.end()
  expect(lines).toEqual(['half', 'x'])
})

test('passes over a line that is too long, and no other', () => {
  expect(cut('a\n', 'x'.repeat(2 << 20), '\nb\n')).toEqual(['a', undefined, 'b'])
})
