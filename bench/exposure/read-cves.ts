import { closeSync, openSync, readSync } from 'node:fs'
// Not the whole of core: a thread that reads CVEs needs nothing else of it.
import { startCpeColumns } from '../../packages/core/src/exposure/cpe-columns.ts'
import type { CpeColumns, CpeConfiguration } from '../../packages/core/src/index.ts'

interface Line {
  readonly id: string
  readonly configurations: readonly CpeConfiguration[]
}

/** Small enough that the text of a piece is no large object to the garbage collector. */
const PIECE = 1 << 16
const [NEWLINE, COMMA] = [10, 44]

/** Makes columns of a file of CVEs, one a line of at most 64 kB of ASCII; the lines of a piece are parsed at once. */
export function readCves(file: string): CpeColumns {
  const builder = startCpeColumns()
  const source = openSync(file, 'r')
  const bytes = Buffer.allocUnsafeSlow(2 * PIECE)
  try {
    for (let kept = 0; ;) {
      const got = readSync(source, bytes, kept, bytes.length - kept, null)
      const have = kept + got
      const end = got === 0 ? have : bytes.subarray(0, have).lastIndexOf(NEWLINE)
      for (const { id, configurations } of parseLines(bytes.subarray(0, Math.max(0, end)))) {
        builder.add(id, configurations)
      }
      if (got === 0) return builder.finish()
      bytes.copyWithin(0, end + 1, have)
      kept = have - end - 1
    }
  } finally {
    closeSync(source)
  }
}

function parseLines(bytes: Buffer): readonly Line[] {
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
    bytes[at] = COMMA
  }
  return JSON.parse(`[${bytes.toString('latin1')}]`) as readonly Line[]
}
