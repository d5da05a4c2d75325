import { Button, Group, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type HistoryEntry, listHistory } from '@wardkeeper/contract'
import { useState } from 'react'
import { useCall } from '../../api/queries.ts'
import { ListBar, NewRows, Pager } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { Unknown } from '../../ui/Claimed.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Moment } from '../../ui/Time.tsx'
import { say, sayConfidence } from '../../ui/words.ts'

const CAUSES: Readonly<Record<string, string>> = {
  observed: 'seen on the network',
  declared: 'written down',
  approved: 'approved by a second person',
  locked: 'locked',
  imported: 'imported',
  rule: 'by a rule',
  merged: 'two records became one',
}

/** Follows from the other fields, so it says nothing new beside them. */
const DERIVED = new Set(['label', 'location_id'])

/** Every change of one device, newest first, and the way to see it as it was. */
export function History({ assetId }: { readonly assetId: string }) {
  const list = useList<{
    q?: string | undefined
    sort?: string | undefined
    cursor?: string
    tab?: string
    at?: string
  }>()
  const { cursor, limit } = list.query
  const history = useCall(listHistory, {
    params: { id: assetId },
    query: { limit, ...(cursor === undefined ? {} : { cursor }) },
  })
  return (
    <Panel isFlush>
      <ListBar>
        <AsItWas assetId={assetId} />
        <NewRows types={['asset.changed']} query={history} one="device" />
      </ListBar>
      <Answer query={history}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title="Nothing changed yet">
              What sensors see differently and what people write appears here, with who and why.
            </Empty>
          ) : (
            <>
              <table className="rows" aria-label="History">
                <thead>
                  <tr>
                    <th scope="col">When</th>
                    <th scope="col">What changed</th>
                    <th scope="col">By</th>
                    <th scope="col">Why</th>
                  </tr>
                </thead>
                <tbody>
                  {data.items.map((entry) => (
                    <EntryRow key={entry.id} entry={entry} />
                  ))}
                </tbody>
              </table>
              <Pager list={list} data={data} one="change" />
            </>
          )
        }
      </Answer>
    </Panel>
  )
}

function EntryRow({ entry }: { readonly entry: HistoryEntry }) {
  const telling = entry.changes.filter(({ field }) => !DERIVED.has(field))
  const changes = telling.length > 0 ? telling : entry.changes
  const rules = [...new Set(changes.flatMap(({ because }) => (because ? [because.rule] : [])))]
  return (
    <tr>
      <td>
        <Moment at={entry.time} />
      </td>
      <td>
        <dl className="facts">
          {changes.map(({ field, before, after, because }) => (
            <div key={field} style={{ display: 'contents' }}>
              <dt>{say(field)}</dt>
              <dd>
                {before === undefined ? null : <del className="quiet">{before}</del>}
                {before === undefined ? null : ' to '}
                {after === undefined ? <Unknown say="nothing" /> : <b>{after}</b>}
                {because === undefined ? null : (
                  <span className="quiet">
                    {' '}
                    ({sayConfidence(because.confidence)}, {because.confidence.toFixed(2)})
                  </span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </td>
      <td>
        {entry.by}
        <div className="quiet">{CAUSES[entry.cause] ?? say(entry.cause)}</div>
      </td>
      <td>
        {entry.reason ??
          (rules.length > 0 ? (
            <span className="mono quiet">{rules.join(', ')}</span>
          ) : (
            <Unknown say="no reason given" />
          ))}
      </td>
    </tr>
  )
}

/** Opens the device as it was known at a moment. */
function AsItWas({ assetId }: { readonly assetId: string }) {
  const navigate = useNavigate()
  const [moment, setMoment] = useState('')
  const show = () => {
    const at = new Date(moment)
    if (Number.isNaN(at.getTime())) return
    void navigate({ to: '/assets/$id', params: { id: assetId }, search: { at: at.toISOString() } })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        show()
      }}
    >
      <Group gap={8}>
        <TextInput
          type="datetime-local"
          aria-label="Show the device as it was at"
          value={moment}
          onChange={(event) => setMoment(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={moment === ''}>
          Show as it was
        </Button>
      </Group>
    </form>
  )
}
