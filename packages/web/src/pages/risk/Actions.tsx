import { Link } from '@tanstack/react-router'
import { listRiskActions } from '@wardkeeper/contract'
import type { CallOutput } from '../../api/call.ts'
import { useCall } from '../../api/queries.ts'
import { sayPoints } from '../../ui/BandMark.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { say, sayCount } from '../../ui/words.ts'

type Action = CallOutput<typeof listRiskActions>['items'][number]

/** What lowers risk most for each hour of a technician. */
export function Actions({ limit = 50 }: { readonly limit?: number }) {
  const actions = useCall(listRiskActions, { query: { limit } })
  return (
    <Panel title="What lowers risk most for each hour of a technician" isFlush>
      <Answer query={actions} lines={8}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty title="Nothing that is known would lower a score">
              Open findings, wide reach and old systems would appear here.
            </Empty>
          ) : (
            <>
              <table className="rows" aria-label="Actions by effect for each hour">
                <thead>
                  <tr>
                    <th scope="col">What to do</th>
                    <th scope="col" className="number">
                      Devices
                    </th>
                    <th scope="col" className="number">
                      Points less
                    </th>
                    <th scope="col" className="number">
                      No longer risky
                    </th>
                    <th scope="col" className="number">
                      Hours
                    </th>
                    <th scope="col" className="number">
                      Points an hour
                    </th>
                    <td aria-hidden="true" />
                  </tr>
                </thead>
                <tbody>
                  {items.map((item) => (
                    <tr key={`${item.kind} ${item.subject}`}>
                      <th scope="row">
                        <Deed action={item} />
                      </th>
                      <td className="number">{sayCount(item.assets)}</td>
                      <td className="number">{sayPoints(item.reduction)}</td>
                      <td className="number">{sayCount(item.noLongerRisky)}</td>
                      <td className="number">{sayPoints(item.hours)}</td>
                      <td className="number">{item.perHour.toFixed(2)}</td>
                      <td>
                        <Link
                          to="/risk"
                          search={{ view: 'what-if', action: `${item.kind} ${item.subject}` }}
                          aria-label={`Try out: ${item.kind} ${item.subject}`}
                        >
                          Try out
                        </Link>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <p className="quiet panel-note">
                {items.length < total ? `The first ${items.length} of ${sayCount(total)}. ` : ''}
                Each effect is that of scoring every device again as if this alone were done. Hours
                are those of the method and can be changed there.
              </p>
            </>
          )
        }
      </Answer>
    </Panel>
  )
}

const DEEDS: Readonly<Record<Action['kind'], string>> = {
  patch: 'Install the maker\u2019s fix for',
  mitigate: 'Apply the mitigation for',
  configure: 'Change the settings:',
  segment: 'Keep in their own segment:',
  replace: 'Replace with a supported model:',
}

function Deed({ action: { kind, subject } }: { readonly action: Action }) {
  const what = subject.includes(':') ? subject.slice(subject.indexOf(':') + 1) : subject
  const words = `${DEEDS[kind]} ${kind === 'configure' || kind === 'segment' ? say(what) : what}`
  if (kind === 'segment') {
    return (
      <Link to="/assets" search={{ type: [subject], sort: '-risk' }} data-row="">
        {words}
      </Link>
    )
  }
  if (kind === 'replace') {
    return (
      <Link to="/assets" search={{ q: subject, sort: '-risk' }} data-row="">
        {words}
      </Link>
    )
  }
  return (
    <Link to="/findings" search={{ remedy: subject, view: 'device' }} data-row="">
      {words}
    </Link>
  )
}
