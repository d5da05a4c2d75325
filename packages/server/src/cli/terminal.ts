const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
} as const

/** True when colour is wanted on this stream: a terminal, and `NO_COLOR` not set (no-color.org). */
function hasColour(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb'
}

/** Text in a style where the stream shows colour, plain elsewhere. */
export function paint(
  style: keyof typeof STYLES,
  text: string,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  const [on, off] = STYLES[style]
  return hasColour(stream) ? `\x1b[${on}m${text}\x1b[${off}m` : text
}

/** `1 device`, `1,234 devices`. */
export function formatCount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

/** Narrower than this, what is cut says nothing any more. */
const MINIMUM_COLUMN = 12
const GAP = 2

/**
 * Aligned columns; nothing where there is no row. On a terminal a row stays on one line: the widest columns are cut,
 * and the last ones left out where even that would not do. In a pipe nothing is cut.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number = process.stdout.isTTY === true ? process.stdout.columns : Infinity,
): string {
  if (rows.length === 0) return ''
  const widths = head.map((title, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), title.length),
  )
  const total = () => widths.reduce((sum, width) => sum + width + GAP, -GAP)
  const least = () =>
    widths.reduce((sum, width) => sum + Math.min(width, MINIMUM_COLUMN) + GAP, -GAP)
  while (widths.length > 1 && least() > columns) widths.pop()
  while (total() > columns) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widths[widest]! <= MINIMUM_COLUMN) break
    widths[widest]!--
  }
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) => fit(cells[column]!, width))
      .join(' '.repeat(GAP))
      .trimEnd()
  return `${[paint('bold', line(head)), ...rows.map(line)].join('\n')}\n`
}

function fit(cell: string, width: number): string {
  return cell.length > width ? `${cell.slice(0, width - 1)}…` : cell.padEnd(width)
}

/** One moving line on standard error: bar, share, frames, rate. Silent where nobody looks. */
export class Progress {
  readonly #total: number
  readonly #isShown: boolean
  readonly #started = performance.now()
  #last = 0

  constructor(total: number, isWanted: boolean) {
    this.#total = total
    this.#isShown = isWanted && process.stderr.isTTY === true
  }

  show(position: number, frames: number, what: string): void {
    const now = performance.now()
    if (!this.#isShown || now - this.#last < 100) return
    this.#last = now
    const share = this.#total > 0 ? Math.min(1, position / this.#total) : 0
    const filled = Math.round(share * 24)
    const rate = Math.round(frames / ((now - this.#started) / 1000))
    const bar = `${'━'.repeat(filled)}${paint('dim', '━'.repeat(24 - filled), process.stderr)}`
    const name = fit(what, 28).trimEnd()
    process.stderr.write(
      `\r\x1b[K${bar} ${Math.round(share * 100)} %  ${formatCount(frames, 'frame')}, ${rate.toLocaleString('en')}/s  ${name}`,
    )
  }

  /** Takes the line away. */
  end(): void {
    if (this.#isShown) process.stderr.write('\r\x1b[K')
  }
}
