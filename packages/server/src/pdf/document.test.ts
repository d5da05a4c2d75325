import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { printable, renderPdf } from './document.ts'

const TIME = Date.UTC(2026, 5, 1)

/** What each stream of the file says, unpacked. */
function streamsOf(pdf: Buffer): string {
  const text = pdf.toString('latin1')
  const streams: string[] = []
  for (const found of text.matchAll(/stream\r?\n/g)) {
    const start = found.index + found[0].length
    const end = text.indexOf('endstream', start)
    try {
      streams.push(inflateSync(pdf.subarray(start, end)).toString('latin1'))
    } catch {
      // Fonts may be packed in another way.
    }
  }
  return streams.join('\n')
}

const hex = (letter: string) => letter.codePointAt(0)?.toString(16).padStart(4, '0') ?? ''

test('letters with accents, Greek and Cyrillic ones are written with an embedded font', async () => {
  const words = 'Dräger Söhne Łódź Ωmega Привет naïve €'
  const pdf = await renderPdf({
    title: words,
    subtitle: 's',
    time: TIME,
    blocks: [{ kind: 'text', text: words }],
  })
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  expect(pdf.toString('latin1')).toContain('NotoSans')
  // The map from glyphs back to letters is what a reader copies and searches by.
  const streams = streamsOf(pdf).toLowerCase()
  for (const letter of 'äöŁźΩПï€') expect(streams).toContain(`<${hex(letter)}>`)
})

test('text of a device cannot break out of the file', async () => {
  const nasty = ') Tj ET /JS (app.alert\\(1\\)) \\ << >> endstream endobj %%EOF'
  const pdf = await renderPdf({
    title: nasty,
    subtitle: nasty,
    time: TIME,
    blocks: [
      { kind: 'heading', text: nasty },
      { kind: 'table', head: ['a', 'b'], rows: [[nasty, nasty]], widths: [1, 1] },
    ],
  })
  const text = pdf.toString('latin1')
  expect(text.split('%%EOF')).toHaveLength(2)
  expect(text).not.toMatch(/\) Tj|\/JS \(/)
})

test('what would steer a reader is left out', () => {
  expect(printable('a\u0000b\u001B[31m\u202Ec\r\nd')).toBe('ab[31mc d')
  expect(printable('e\u0301')).toBe('é')
})

test('a long table goes on over pages, each with its head', async () => {
  const rows = Array.from({ length: 200 }, (_, n) => [`pump ${n}`, 'high'])
  const pdf = await renderPdf({
    title: 't',
    subtitle: 's',
    time: TIME,
    blocks: [{ kind: 'table', head: ['Device', 'Band'], rows, widths: [3, 1] }],
  })
  const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g) ?? []
  expect(pages.length).toBeGreaterThan(3)
  expect(pages.length).toBeLessThan(10)
})
