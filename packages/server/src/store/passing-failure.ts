/**
 * Why the database could not do what was right to ask. `away`: the connection broke, or there is none; `turned-back`: two
 * transactions waited for each other; `full`: no room on the disk; `other`: out of memory or connections, or told to stop.
 */
export type PassingFailure = 'away' | 'turned-back' | 'full' | 'other'

/** By the classes of PostgreSQL's errors (appendix A): 08 connection, 40 rollback, 53 resources, 57 intervention, 58 system. */
const BY_CODE: readonly (readonly [RegExp, PassingFailure])[] = [
  [
    /^(?:08...|57P0\d)$|^(?:ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/,
    'away',
  ],
  [/^40...$/, 'turned-back'],
  [/^(?:53100|ENOSPC)$/, 'full'],
  [/^(?:53|57|58)...$/, 'other'],
]

/** Undefined for whatever would fail again. */
export function passingFailure(error: unknown): PassingFailure | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? String(error.code) : ''
  const known = BY_CODE.find(([pattern]) => pattern.test(code))?.[1]
  if (known !== undefined) return known
  // A socket that is not there, other than a file; and the driver says of a broken connection so without a code.
  const isSocket = code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect'
  const isBroken = /^(?:Connection terminated|Client has encountered)/.test(error.message)
  return isSocket || isBroken ? 'away' : undefined
}
