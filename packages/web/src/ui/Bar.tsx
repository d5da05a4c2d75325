/** A length beside a number: solid for what is certain or grave, hatched for the rest. */
export function Bar({
  parts: [solid, hatched],
  most,
}: {
  readonly parts: readonly [number, number]
  /** What the full width stands for. */
  readonly most: number
}) {
  const width = (part: number) => ({ width: `${(100 * part) / most}%` })
  return (
    <span className="bar">
      {solid > 0 ? <span style={width(solid)} /> : null}
      {hatched > 0 ? <span className="hatched" style={width(hatched)} /> : null}
    </span>
  )
}
