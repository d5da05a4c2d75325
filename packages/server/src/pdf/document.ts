import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'

const require = createRequire(import.meta.url)
// An embedded font: those built into readers know Latin letters only.
const REGULAR = require.resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf')
const BOLD = require.resolve('@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf')

export type PdfBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'table'
      readonly head: readonly string[]
      readonly rows: readonly (readonly string[])[]
      /** Share of the width of each column. */
      readonly widths: readonly number[]
    }

export interface PdfContent {
  readonly title: string
  readonly subtitle: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly blocks: readonly PdfBlock[]
}

const MARGIN = 48
const SIZE = { title: 18, heading: 12, text: 9, cell: 8 }

/** A tagged PDF of headings, paragraphs and tables on A4. */
export async function renderPdf(content: PdfContent): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    tagged: true,
    pdfVersion: '1.7',
    font: REGULAR,
    info: {
      // It is written into XML as well, which the library does not escape.
      Title: printable(content.title).replaceAll(/[<>&()\\%]/g, ' '),
      Creator: 'Wardkeeper',
      CreationDate: new Date(content.time),
    },
  })
  const pieces: Buffer[] = []
  doc.on('data', (piece: Buffer) => pieces.push(piece))
  const done = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve)
    doc.on('error', reject)
  })
  doc.registerFont('regular', REGULAR)
  doc.registerFont('bold', BOLD)
  doc.font('bold').fontSize(SIZE.title).text(printable(content.title))
  doc.font('regular').fontSize(SIZE.text).fillColor('#444444').text(printable(content.subtitle))
  doc.fillColor('#000000').moveDown(0.5)
  for (const block of content.blocks) write(doc, block)
  numberPages(doc, content)
  doc.end()
  await done
  return Buffer.concat(pieces)
}

function write(doc: PDFKit.PDFDocument, block: PdfBlock): void {
  if (block.kind === 'table') return writeTable(doc, block)
  if (block.kind === 'heading') {
    if (doc.y > doc.page.height - 3 * MARGIN) doc.addPage()
    doc.moveDown(0.8).font('bold').fontSize(SIZE.heading).text(printable(block.text), MARGIN)
    doc.moveDown(0.3)
    return
  }
  doc.font('regular').fontSize(SIZE.text).text(printable(block.text), MARGIN)
  doc.moveDown(0.3)
}

function writeTable(
  doc: PDFKit.PDFDocument,
  { head, rows, widths }: Extract<PdfBlock, { kind: 'table' }>,
): void {
  const width = doc.page.width - 2 * MARGIN
  const sum = widths.reduce((total, share) => total + share, 0)
  const columns = widths.map((share) => (share / sum) * width)
  writeRow(doc, head, columns, 'bold')
  for (const row of rows) {
    if (doc.y + heightOf(doc, row, columns, 'regular') > doc.page.height - MARGIN - 16) {
      doc.addPage()
      writeRow(doc, head, columns, 'bold')
    }
    writeRow(doc, row, columns, 'regular')
  }
  doc.moveDown(0.5)
  doc.x = MARGIN
}

const PAD = 3

function heightOf(
  doc: PDFKit.PDFDocument,
  row: readonly string[],
  columns: readonly number[],
  font: string,
): number {
  doc.font(font).fontSize(SIZE.cell)
  const heights = row.map((cell, n) =>
    doc.heightOfString(printable(cell) || ' ', { width: (columns[n] ?? 0) - 2 * PAD }),
  )
  return Math.max(...heights) + 2 * PAD
}

function writeRow(
  doc: PDFKit.PDFDocument,
  row: readonly string[],
  columns: readonly number[],
  font: string,
): void {
  const height = heightOf(doc, row, columns, font)
  const top = doc.y
  let left = MARGIN
  row.forEach((cell, n) => {
    const width = columns[n] ?? 0
    doc.text(printable(cell), left + PAD, top + PAD, {
      width: width - 2 * PAD,
      height: doc.page.height - MARGIN - top,
      ellipsis: true,
    })
    left += width
  })
  const bottom = top + height
  doc.moveTo(MARGIN, bottom).lineTo(left, bottom).lineWidth(0.5).strokeColor('#bbbbbb').stroke()
  doc.y = bottom
}

function numberPages(doc: PDFKit.PDFDocument, { title, time }: PdfContent): void {
  const { start, count } = doc.bufferedPageRange()
  const day = `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  for (let page = start; page < start + count; page++) {
    doc.switchToPage(page)
    // Below the margin a text would begin a new page.
    doc.page.margins.bottom = 0
    const line = `${printable(title)}  ·  ${day}  ·  ${page + 1} of ${count}`
    doc.font('regular').fontSize(7).fillColor('#444444')
    doc.text(line, MARGIN, doc.page.height - MARGIN + 16, { lineBreak: false })
    doc.page.margins.bottom = MARGIN
  }
}

/** Without what would steer the reader or the printer: control letters, and those that turn the direction of text. */
export function printable(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\t\r\n]+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '')
}
