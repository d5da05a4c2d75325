import { Anchor, Button, Group, List, Text, TextInput } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import {
  assignReconciliation,
  getReconciliation,
  type ReconciliationDetail,
  undoReconciliation,
} from '@wardkeeper/contract'
import { useState } from 'react'
import { useCall, useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Failed, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { DecideButton } from './DecideButton.tsx'
import { DECISION_WORDS, sayFieldName, sayKind } from './words.ts'

const route = getRouteApi('/signed-in/reconcile/$id')

/** One question with both sides beside each other, differences marked. */
export default function QuestionPage() {
  const { id } = route.useParams()
  const item = useCall(getReconciliation, { params: { id } })
  const canDecide = useCan('assets:decide')
  return (
    <Answer query={item} lines={12}>
      {(data) => (
        <>
          <PageHeader
            title={data.title}
            says={
              <>
                {sayKind(data.kind)} · asked <Time at={data.opened} /> ·{' '}
                <Link to="/reconcile">All questions</Link>
              </>
            }
            actions={canDecide ? <Moves item={data} /> : undefined}
          />
          {data.decision === undefined ? null : (
            <Panel title="Answered">
              <Text>
                {DECISION_WORDS[data.decision]?.[0] ?? data.decision}: {data.decidedBy}
                {data.decidedReason === undefined ? '' : `, because "${data.decidedReason}"`}
              </Text>
            </Panel>
          )}
          <Panel title="Why it is asked">
            <List spacing={2}>
              {data.reasons.map((reason) => (
                <List.Item key={reason}>{reason}</List.Item>
              ))}
            </List>
            <Owner key={data.owner ?? ''} item={data} />
          </Panel>
          <Compare item={data} />
        </>
      )}
    </Answer>
  )
}

function Moves({ item }: { readonly item: ReconciliationDetail }) {
  if (item.state === 'decided') {
    return (
      <ActionButton
        route={undoReconciliation}
        input={({ reason }) => ({ params: { id: item.id }, body: { reason } })}
        label="Take it back"
        title="Take the answer back"
        says="What it changed is as before, and the question is open again."
        reason="Why?"
      />
    )
  }
  const decisions = item.decisions.filter((decision) => decision !== 'link')
  return (
    <>
      {decisions.map((decision) => (
        <DecideButton key={decision} items={[item]} decision={decision} />
      ))}
    </>
  )
}

function Owner({ item }: { readonly item: ReconciliationDetail }) {
  const canPropose = useCan('assets:propose')
  const change = useChange(assignReconciliation)
  const [owner, setOwner] = useState(item.owner ?? '')
  if (!canPropose || item.state !== 'open')
    return <Text mt="sm">Owner: {item.owner ?? 'nobody'}</Text>
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate({ params: { id: item.id }, body: { owner } })
      }}
    >
      <Group mt="sm" align="flex-end" gap={8}>
        <TextInput
          label="Who answers it"
          value={owner}
          onChange={(event) => setOwner(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          loading={change.isPending}
          disabled={owner === (item.owner ?? '')}
        >
          Set owner
        </Button>
      </Group>
      {change.error ? <Failed error={change.error} /> : null}
    </form>
  )
}

const ORDER = [
  'manufacturer',
  'model',
  'serial',
  'tag',
  'type',
  'description',
  'firmware',
  'os',
  'mac',
  'ip',
  'hostname',
  'building',
  'floor',
  'room',
  'unit',
  'owner',
  'status',
  'state',
  'lastSeen',
]

function Compare({ item }: { readonly item: ReconciliationDetail }) {
  const canDecide = useCan('assets:decide')
  const sides = [item.left, ...item.right.slice(0, 4)]
  const names = [...new Set(sides.flatMap(({ values }) => Object.keys(values)))].toSorted(
    (a, b) => (ORDER.indexOf(a) + 1 || 99) - (ORDER.indexOf(b) + 1 || 99),
  )
  return (
    <Panel title="Side by side" isFlush>
      <table className="rows" aria-label="Side by side">
        <thead>
          <tr>
            <th scope="col">What</th>
            {sides.map(({ title, assetId, score, reasons }, at) => (
              <th key={`${at} ${title}`} scope="col" style={{ minWidth: 200 }}>
                {assetId === undefined ? (
                  title
                ) : (
                  <Anchor href={`/assets/${assetId}`}>{title}</Anchor>
                )}
                {score === undefined ? null : <span className="quiet"> {score.toFixed(2)}</span>}
                {reasons.map((reason) => (
                  <div key={reason} className="quiet" style={{ fontWeight: 400 }}>
                    {reason}
                  </div>
                ))}
                {canDecide && assetId !== undefined && at > 0 && item.decisions.includes('link') ? (
                  <div style={{ marginTop: 6 }}>
                    <DecideButton
                      items={[item]}
                      decision="link"
                      assetId={assetId}
                      isMain={at === 1}
                    />
                  </div>
                ) : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const values = sides.map((side) => side.values[name])
            const told = values
              .filter((value) => value !== undefined)
              .map((value) => value.toLowerCase())
            const isDifferent = new Set(told).size > 1 && name !== 'state' && name !== 'lastSeen'
            return (
              <tr key={name}>
                <th scope="row">
                  {sayFieldName(name)}
                  {isDifferent ? <span className="quiet"> differs</span> : null}
                </th>
                {values.map((value, at) => (
                  <td
                    key={`${at} ${sides[at]?.title}`}
                    style={isDifferent ? { fontWeight: 600 } : undefined}
                  >
                    {value ?? <span className="quiet">not said</span>}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}
