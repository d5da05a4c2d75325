import { Unknown } from './Claimed.tsx'
import { Time } from './Time.tsx'
import { say } from './words.ts'

interface Entry {
  readonly time: string
  readonly by: string
  readonly what: string
  readonly reason?: string | undefined
}

/** Who did what, newest first. */
export function Log({ entries }: { readonly entries: readonly Entry[] }) {
  if (entries.length === 0) return <Unknown say="nothing happened yet" />
  return (
    <ol className="log">
      {[...entries]
        .sort((one, other) => other.time.localeCompare(one.time))
        .map((entry, index) => (
          <li key={`${entry.time} ${index}`}>
            <b>{/\s/.test(entry.what) ? entry.what : say(entry.what)}</b>{' '}
            <span className="quiet">
              by {entry.by}, <Time at={entry.time} />
            </span>
            {entry.reason === undefined ? null : <div>{entry.reason}</div>}
          </li>
        ))}
    </ol>
  )
}
