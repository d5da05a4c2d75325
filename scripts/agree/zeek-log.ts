/** One line of a Zeek log, by column. Unset values are absent. */
export type ZeekRow = Readonly<Record<string, string>>

export interface ZeekLog {
  /** `conn`, `dns`, ... */
  readonly path: string
  readonly rows: readonly ZeekRow[]
}

const ADDRESSES = ['id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p']
const TRANSPORTS = new Set(['tcp', 'udp', 'icmp'])
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)$/i

/** Reads a log in Zeek's tab-separated format; columns of one without a header are found by their addresses. */
export function readZeekLog(path: string, text: string): ZeekLog {
  const lines = text.split('\n').filter((line) => line !== '')
  const header = lines
    .find((line) => line.startsWith('#fields\t'))
    ?.split('\t')
    .slice(1)
  const rows = lines.filter((line) => !line.startsWith('#'))
  return {
    path: lines.find((line) => line.startsWith('#path\t'))?.slice(6) ?? path,
    rows: rows.flatMap((line) => {
      const cells = line.split('\t')
      const names = header ?? namesByAddress(path, cells)
      return names === undefined ? [] : [rowOf(names, cells)]
    }),
  }
}

function rowOf(names: readonly string[], cells: readonly string[]): ZeekRow {
  const entries = names.flatMap((name, at): [string, string][] => {
    const cell = cells[at] ?? '-'
    return cell === '-' || cell === '(empty)' ? [] : [[name, unescape(cell)]]
  })
  return Object.fromEntries(entries)
}

function unescape(cell: string): string {
  return cell.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  )
}

function namesByAddress(path: string, cells: readonly string[]): string[] | undefined {
  const first = cells.findIndex(
    (cell, at) =>
      ADDRESS.test(cell) && /^\d+$/.test(cells[at + 1] ?? '') && ADDRESS.test(cells[at + 2] ?? ''),
  )
  if (first < 0) return undefined
  const proto = cells.findIndex((cell) => TRANSPORTS.has(cell))
  const named = new Map(ADDRESSES.map((name, at) => [first + at, name]))
  if (proto > 0) named.set(proto, 'proto')
  // Only in the log of connections a service follows.
  if (proto > 0 && path === 'conn') named.set(proto + 1, 'service')
  return cells.map((_, at) => named.get(at) ?? `column ${at - first}`)
}
