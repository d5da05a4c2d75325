import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** What a running server says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number
  readonly socketFolder: string | undefined
  readonly status: string | undefined
}

/** Reads `postmaster.pid`: process on line 1, socket folder on line 5, status on line 8. */
export function readPostmaster(cluster: string): Postmaster | undefined {
  let lines: readonly string[]
  try {
    lines = readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, socketFolder: lines[4]?.trim() || undefined, status: lines[7]?.trim() || undefined }
}

/** Whether the process lives and is the server of this cluster, not another program with that number. */
export function isPostgresOf(pid: number, cluster: string): boolean {
  const command = commandOf(pid)
  return command !== undefined && command.includes('postgres') && command.includes(cluster)
}

function commandOf(pid: number): string | undefined {
  try {
    if (existsSync('/proc/self/stat')) {
      // A zombie has an empty command line.
      if (!statSync(`/proc/${pid}`).isDirectory()) return undefined
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    }
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return undefined
  }
}
