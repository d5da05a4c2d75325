import { sayConfidence } from './words.ts'

/** How sure we are of a statement, in words and as a number. */
export function Confidence({ value }: { readonly value: number }) {
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <span className="meter" aria-hidden="true">
        <span style={{ width: `${Math.round(value * 100)}%` }} />
      </span>{' '}
      {sayConfidence(value)} <span className="quiet">{value.toFixed(2)}</span>
    </span>
  )
}

/** A claimed value in a list: doubtful ones say so, missing ones say that nothing is known. */
export function Claimed({
  claim,
  words = (value) => value,
}: {
  readonly claim: { readonly value: string; readonly confidence: number } | undefined
  readonly words?: (value: string) => string
}) {
  if (!claim) return <Unknown />
  const how = `${sayConfidence(claim.confidence)}, ${claim.confidence.toFixed(2)}`
  return (
    <span title={how}>
      {words(claim.value)}
      {claim.confidence < 0.8 ? (
        <span className="quiet" style={{ whiteSpace: 'nowrap' }}>
          {' '}
          ({sayConfidence(claim.confidence)})
        </span>
      ) : null}
    </span>
  )
}

/** Nothing is known: said in words, never left blank. */
export function Unknown({ say = 'not known' }: { readonly say?: string }) {
  return <span className="unknown-text">{say}</span>
}
