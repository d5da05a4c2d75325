import { readFileSync } from 'node:fs'
// Not the whole of core: a thread that reads CVEs needs nothing else of it.
import { startCpeColumns } from '../../packages/core/src/exposure/cpe-columns.ts'
import type { CpeColumns, CpeConfiguration } from '../../packages/core/src/index.ts'

interface Line {
  readonly id: string
  readonly configurations: readonly CpeConfiguration[]
}

const PIECE = 1 << 20

/** Makes columns of a file of CVEs, one a line; a megabyte of lines is parsed at once. */
export function readCves(file: string): CpeColumns {
  const builder = startCpeColumns()
  const bytes = readFileSync(file)
  for (let from = 0; from < bytes.length;) {
    const cut = bytes.indexOf(10, from + PIECE)
    const to = cut < 0 ? bytes.length : cut
    const lines = bytes.toString('utf8', from, to).trimEnd().replaceAll('\n', ',')
    for (const { id, configurations } of JSON.parse(`[${lines}]`) as readonly Line[]) {
      builder.add(id, configurations)
    }
    from = to + 1
  }
  return builder.finish()
}
