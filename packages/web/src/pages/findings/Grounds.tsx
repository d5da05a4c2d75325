import { Link } from '@tanstack/react-router'
import type { EvidenceView, FindingDetail } from '@wardkeeper/contract'
import { Unknown } from '../../ui/Claimed.tsx'
import { ToldBy } from '../../ui/Evidence.tsx'
import { keyOf, mergeEvidence } from '../../ui/merge-evidence.ts'
import { Mark } from '../../ui/Marks.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { say } from '../../ui/words.ts'

type Ground = FindingDetail['grounds'][number]

/** What the source says of the product, word for word, and what it was held against. */
export function Grounds({ finding }: { readonly finding: FindingDetail }) {
  if (finding.grounds.length === 0) return null
  return (
    <Panel title="In the source's own words">
      {finding.grounds.map((ground) => (
        <GroundFacts key={`${ground.pid} ${ground.range}`} ground={ground} finding={finding} />
      ))}
    </Panel>
  )
}

function GroundFacts({
  ground,
  finding,
}: {
  readonly ground: Ground
  readonly finding: FindingDetail
}) {
  const { advisory, link } = finding
  return (
    <dl className="facts">
      <dt>Document</dt>
      <dd>
        {advisory === undefined ? (
          finding.subject
        ) : (
          <Link to="/advisories/$id" params={{ id: advisory.id }}>
            {advisory.id}, revision {advisory.revision} of {advisory.revised}
          </Link>
        )}
        {link === undefined ? null : (
          <>
            {' '}
            <a href={link} target="_blank" rel="noreferrer noopener">
              as published{advisory === undefined ? '' : ` by ${advisory.source}`}
            </a>
          </>
        )}
      </dd>
      <dt>Product</dt>
      <dd>
        <q>{ground.leaf ?? [ground.vendor, ground.product].filter(Boolean).join(' ')}</q>{' '}
        <span className="quiet">line {ground.pid}</span>
      </dd>
      <dt>Range as published</dt>
      <dd>
        <code>{ground.range}</code>
        {ground.stated === undefined ? null : (
          <>
            {' '}
            <Mark tone="unknown">Disputed</Mark> its own text says <code>{ground.stated}</code>
          </>
        )}
      </dd>
      <dt>Held against</dt>
      <dd>
        {ground.version === undefined ? (
          <Unknown say="a version that was never seen" />
        ) : (
          <code>{ground.version}</code>
        )}{' '}
        <span className="quiet">by {say(ground.matcher)}</span>
      </dd>
      <dt>Version told by</dt>
      <dd>
        <VersionToldBy ground={ground} finding={finding} />
      </dd>
      <dt>Model told by</dt>
      <dd>
        <Told
          finding={finding}
          evidence={finding.evidence.filter(({ about }) => about === 'model')}
          none="what a person wrote down"
        />
      </dd>
      <dt>So</dt>
      <dd>{ground.reason}</dd>
    </dl>
  )
}

/** The frames that gave the version; where none did, the way to everything that was seen. */
function VersionToldBy({
  ground,
  finding,
}: {
  readonly ground: Ground
  readonly finding: FindingDetail
}) {
  const { version } = ground
  if (version === undefined) {
    return (
      <>
        <Unknown say="no frame so far" />.{' '}
        <Link to="/assets/$id" params={{ id: finding.assetId }} search={{ tab: 'observations' }}>
          Everything seen of this device
        </Link>
      </>
    )
  }
  const wanted = ground.matcher === 'component' ? undefined : 'firmware'
  const own = finding.evidence.filter(({ about }) => wanted !== undefined && about === wanted)
  const evidence = own.length > 0 ? own : finding.evidence.filter((one) => tells(one, version))
  return <Told finding={finding} evidence={evidence} none="what the maker says is inside" />
}

/** Evidence of findings that were opened before it was said what it tells. */
function tells({ about, value }: EvidenceView, version: string): boolean {
  return (about === undefined || about === 'os') && value.includes(version)
}

const MOST_SHOWN = 3

function Told({
  finding,
  evidence,
  none,
}: {
  readonly finding: FindingDetail
  readonly evidence: readonly EvidenceView[]
  readonly none: string
}) {
  const merged = mergeEvidence(evidence).toSorted((a, b) => b.weight - a.weight)
  if (merged.length === 0) return <Unknown say={none} />
  return merged.slice(0, MOST_SHOWN).map((one) => (
    <div key={keyOf(one)}>
      <ToldBy assetId={finding.assetId} one={one} />
    </div>
  ))
}

/** What others state on top of the advisory, and what became of the finding. */
export function Afterwards({ finding }: { readonly finding: FindingDetail }) {
  const { statements, history } = finding
  return (
    <>
      {statements.length === 0 ? null : (
        <Panel title="Statements on top">
          <ul>
            {statements.map((one) => (
              <li key={`${one.source} ${one.published} ${one.status}`}>
                {one.source}, {one.published}: {say(one.status)}
                {one.justification === undefined ? '' : ` (${say(one.justification)})`},{' '}
                {one.cves.join(', ')}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {history.length === 0 ? null : (
        <Panel title="What became of it">
          <ul>
            {history.map((one) => (
              <li key={`${one.time} ${one.what} ${one.reason}`}>
                <Time at={one.time} /> {say(one.what)}: {one.reason}
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}
