import type { EvidenceView } from '@wardkeeper/contract'
import { Moment } from './Time.tsx'
import { Unknown } from './Claimed.tsx'
import { type MergedEvidence, keyOf, mergeEvidence } from './merge-evidence.ts'
import { sayField, sayWeight } from './words.ts'

/** What was seen, when, and in which frame of which file: everything needed to look it up again. */
export function EvidenceTable({
  evidence,
  caption,
  isAgainst = false,
}: {
  readonly evidence: readonly EvidenceView[]
  readonly caption: string
  readonly isAgainst?: boolean
}) {
  // What was seen happen has no weight: it is not an argument for a value.
  const rows = mergeEvidence(evidence)
  const isWeighed = evidence.some(({ weight }) => weight !== 0)
  if (evidence.length === 0) return <p className="quiet">{caption}: none.</p>
  return (
    <div className="scroll-x">
      <table className="rows compact">
        <caption style={{ textAlign: 'left', padding: '6px 12px', fontWeight: 600 }}>
          {caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">Seen as</th>
            <th scope="col">Value</th>
            {isAgainst ? <th scope="col">Speaks for</th> : null}
            {isWeighed ? <th scope="col">Weight</th> : null}
            <th scope="col">Rule</th>
            <th scope="col">When</th>
            <th scope="col">Frame and file</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <EvidenceRow key={keyOf(one)} one={one} isAgainst={isAgainst} isWeighed={isWeighed} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function EvidenceRow({
  one,
  isAgainst,
  isWeighed,
}: {
  readonly one: MergedEvidence
  readonly isAgainst: boolean
  readonly isWeighed: boolean
}) {
  const sign = one.weight > 0 ? '+' : ''
  return (
    <tr>
      <td title={one.field}>{sayField(one.field)}</td>
      <td className="mono" style={{ overflowWrap: 'anywhere', maxWidth: 420 }}>
        {one.value}
      </td>
      {isAgainst ? <td>{one.claims ?? <Unknown say="nothing else" />}</td> : null}
      {isWeighed ? (
        <td style={{ whiteSpace: 'nowrap' }}>
          {sayWeight(one.weight)}{' '}
          <span className="quiet">
            {sign}
            {one.weight.toFixed(1)}
          </span>
        </td>
      ) : null}
      <td className="mono quiet">
        {one.rules.map((rule) => (
          <div key={rule}>{rule}</div>
        ))}
      </td>
      <td>
        <Moment at={one.time} />
      </td>
      <td>
        <Source one={one} />
      </td>
    </tr>
  )
}

function Source({ one }: { readonly one: EvidenceView }) {
  if (one.file === undefined) {
    return one.sensor === undefined ? <Unknown say="not from a capture" /> : <>{one.sensor}</>
  }
  return (
    <span>
      {one.frame === undefined ? null : (
        <span style={{ whiteSpace: 'nowrap' }}>frame {one.frame.toLocaleString('en-GB')} of </span>
      )}
      <span className="mono">{one.file.split('/').at(-1)}</span>
    </span>
  )
}
