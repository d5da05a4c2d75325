import { Time } from '../../ui/Time.tsx'

/** Who put into force what stands beside it, when and why. */
export function SetBy({
  from,
}: {
  readonly from:
    | { readonly by: string; readonly since: string; readonly reason: string }
    | undefined
}) {
  return (
    <span className="quiet">
      {from === undefined ? (
        'as the product comes'
      ) : (
        <>
          by {from.by}, <Time at={from.since} />: {from.reason}
        </>
      )}
    </span>
  )
}
