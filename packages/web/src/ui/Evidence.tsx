import { Link } from '@tanstack/react-router'
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
  assetId,
}: {
  readonly evidence: readonly EvidenceView[]
  readonly caption: string
  readonly isAgainst?: boolean
  /** The device that showed it, where each row leads to the observation. */
  readonly assetId?: string
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
            <EvidenceRow
              key={keyOf(one)}
              one={one}
              isAgainst={isAgainst}
              isWeighed={isWeighed}
              assetId={assetId}
            />
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
  assetId,
}: {
  readonly one: MergedEvidence
  readonly isAgainst: boolean
  readonly isWeighed: boolean
  readonly assetId: string | undefined
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
        {assetId !== undefined && isObserved(one) ? (
          <ObservationLink assetId={assetId} one={one} />
        ) : (
          <Source one={one} />
        )}
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

/** The list of observations takes no longer text to look for. */
const LONGEST_SEARCH = 200

/** The registry of makers of MACs is consulted; what it says was on no wire. */
function isObserved({ frame, rule }: EvidenceView): boolean {
  return frame !== undefined && rule !== 'oui'
}

/** The frame that showed it, leading to the observation among all others of the device. */
export function ObservationLink({
  assetId,
  one,
}: {
  readonly assetId: string
  readonly one: EvidenceView
}) {
  return (
    <Link
      to="/assets/$id"
      params={{ id: assetId }}
      search={{ tab: 'observations', q: one.value.trim().slice(0, LONGEST_SEARCH) }}
    >
      <Source one={one} />
    </Link>
  )
}

/** What told one property of a device: the frame and when, and where there is none, who wrote it down. */
export function ToldBy({ assetId, one }: { readonly assetId: string; readonly one: EvidenceView }) {
  if (!isObserved(one)) return <span className="quiet">{one.rule}</span>
  return (
    <>
      <span className="quiet">{sayField(one.field)},</span>{' '}
      <ObservationLink assetId={assetId} one={one} />, <Moment at={one.time} />
    </>
  )
}
