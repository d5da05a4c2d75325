/** Known reasons why PostgreSQL does not start, and what to do about each. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /No space left on device|could not extend file/,
    'The disk is full: free some space, or choose another data folder with --data.',
  ],
  [
    /Permission denied|Operation not permitted/,
    'Something in the data folder belongs to another user: give it back, or choose another folder with --data.',
  ],
  [
    /Read-only file system/,
    'The data folder is on a read-only disk: choose another one with --data.',
  ],
  [
    /database files are incompatible|initialized by PostgreSQL version/,
    'The data was made by another major version of PostgreSQL: keep the folder, and choose a new one with --data.',
  ],
  [
    /could not (create shared memory|map anonymous shared memory)|Cannot allocate memory/,
    'There is too little memory for the database.',
  ],
  [
    /error while loading shared libraries|Library not loaded/,
    'Libraries of the embedded PostgreSQL are missing: install the dependencies again, or set DATABASE_URL.',
  ],
  [
    /could not locate a valid checkpoint|invalid primary checkpoint|PANIC/,
    'The database files are damaged: restore a backup into a new data folder.',
  ],
]

/** An error that says what to do next; the last lines of the server's own words follow. */
export function explainFailure(what: string, said: string, area: string): Error {
  const advice = REASONS.find(([pattern]) => pattern.test(said))?.[1]
  const tail = said.trimEnd().split('\n').slice(-5).join('\n  ')
  return new Error(`${what} in ${area}. ${advice ?? 'See postgres.log there.'}\n  ${tail}`)
}
