import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const TICKS_PER_SECOND = 100

/** CPU seconds that the PostgreSQL of this data folder has used, with all its processes; 0 where nobody can tell. */
export function postgresCpuSeconds(dataFolder: string): number {
  const file = join(dataFolder, 'postgres/cluster/postmaster.pid')
  if (!existsSync(file) || !existsSync('/proc')) return 0
  const postmaster = readFileSync(file, 'utf8').split('\n')[0] ?? ''
  let ticks = 0
  for (const pid of readdirSync('/proc')) {
    const fields = statOf(pid)
    // After the name: state, parent, .. user and system time as 12th and 13th, those of ended children behind them.
    if (pid === postmaster)
      ticks += fields.slice(11, 15).reduce((sum, text) => sum + Number(text), 0)
    else if (fields[1] === postmaster) ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / TICKS_PER_SECOND
}

function statOf(pid: string): readonly string[] {
  if (!/^\d+$/.test(pid)) return []
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  } catch {
    // It ended meanwhile.
    return []
  }
}
