import { Button, Group, NumberInput, Stack } from '@mantine/core'
import {
  approveRiskMethod,
  getRiskMethod,
  previewRiskMethod,
  proposeRiskMethod,
  withdrawRiskMethod,
} from '@wardkeeper/contract'
import { useState } from 'react'
import type { CallOutput } from '../../api/call.ts'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { Answer, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { say } from '../../ui/words.ts'
import { Preview } from './Preview.tsx'
import { GROUPS, differences, readPath, writePath, type Tables } from './tables.ts'
import { usePreview } from './use-preview.ts'

type Answered = CallOutput<typeof getRiskMethod>

/** The weights that scores are made with: read by everybody, changed by two. */
export function Method() {
  const method = useCall(getRiskMethod, {})
  return (
    <Answer query={method} lines={12}>
      {(data) => <Editor key={data.id} data={data} />}
    </Answer>
  )
}

function Editor({ data }: { readonly data: Answered }) {
  const [draft, setDraft] = useState(data.method)
  const changes = differences(data.method, draft)
  const preview = usePreview(
    previewRiskMethod,
    changes.length === 0 ? undefined : { method: draft },
  )
  return (
    <Stack gap="md">
      <State data={data} />
      {data.proposal === undefined ? null : <Proposal data={data} proposal={data.proposal} />}
      <div className="two-thirds">
        <Tuning draft={draft} standard={data.standard} onChange={setDraft} />
        <Panel
          title="What would move"
          aside={
            changes.length === 0 ? null : (
              <Button variant="default" onClick={() => setDraft(data.method)}>
                Undo
              </Button>
            )
          }
          isFlush
        >
          {changes.length === 0 ? (
            <p className="panel-note quiet">
              Change a number, and the devices that would get another score appear here.
            </p>
          ) : (
            <>
              <Changes changes={changes} />
              <Answer query={preview} lines={8}>
                {(answer) => <Preview preview={answer} />}
              </Answer>
              <Propose draft={draft} count={changes.length} />
            </>
          )}
        </Panel>
      </div>
    </Stack>
  )
}

function State({ data }: { readonly data: Answered }) {
  const { approved, isTuned, id } = data
  return (
    <Panel title="Method in use">
      <dl className="facts">
        <dt>Version</dt>
        <dd className="mono">{id}</dd>
        <dt>Scales</dt>
        <dd>NIST SP 800-30: likelihood times impact, each 0 to 100</dd>
        <dt>Weights</dt>
        <dd>
          {isTuned && approved ? (
            <>
              of this site: {approved.reason} (proposed by {approved.by}, approved by{' '}
              {approved.approvedBy}, <Time at={approved.time} />)
            </>
          ) : (
            'as the product comes with them'
          )}
        </dd>
      </dl>
    </Panel>
  )
}

function Proposal({
  data,
  proposal,
}: {
  readonly data: Answered
  readonly proposal: NonNullable<Answered['proposal']>
}) {
  const canPropose = useCan('findings:propose')
  const canApprove = useCan('findings:approve')
  const preview = usePreview(previewRiskMethod, { method: proposal.method })
  return (
    <Panel
      title="Waits for a second person"
      aside={
        <>
          {canApprove && !proposal.isOwn ? (
            <ActionButton
              route={approveRiskMethod}
              input={() => ({})}
              label="Approve"
              isMain
              title="Approve these weights"
              says="Every device is scored again with them. The scores up to now are kept in the history."
            />
          ) : null}
          {canPropose ? (
            <ActionButton
              route={withdrawRiskMethod}
              input={() => ({})}
              label={proposal.isOwn ? 'Take back' : 'Turn down'}
              title="End this proposal"
              says="The weights stay as they are."
            />
          ) : null}
        </>
      }
      isFlush
    >
      <p className="panel-note">
        {proposal.by}, <Time at={proposal.time} />: {proposal.reason}
      </p>
      <Changes changes={differences(data.method, proposal.method)} />
      <Answer query={preview} lines={6}>
        {(answer) => <Preview preview={answer} />}
      </Answer>
    </Panel>
  )
}

function Changes({ changes }: { readonly changes: ReturnType<typeof differences> }) {
  return (
    <ul className="panel-note">
      {changes.map(({ path, from, to }) => (
        <li key={path.join('.')}>
          {path.map(say).join(', ')}: {from} to <strong>{to}</strong>
        </li>
      ))}
    </ul>
  )
}

function Propose({ draft, count }: { readonly draft: Tables; readonly count: number }) {
  const canPropose = useCan('findings:propose')
  if (!canPropose) {
    return <p className="panel-note quiet">Your role can try this out, not propose it.</p>
  }
  return (
    <Group p="md">
      <ActionButton
        route={proposeRiskMethod}
        input={({ reason }) => ({ body: { method: draft, reason } })}
        label="Propose these weights"
        isMain
        title="Propose other weights"
        says={`${count === 1 ? 'One number changes' : `${count} numbers change`}. Somebody else has to approve.`}
        verb="Propose"
        reason="Why these weights?"
      />
    </Group>
  )
}

/** Values and weights are 0 to 100; days, hours, years and bits are not. */
function isPercent(path: readonly string[]): boolean {
  return path[0] !== 'effort' && !/(Days|Hours|Years|Bits)$/.test(path.at(-1) ?? '')
}

function Tuning({
  draft,
  standard,
  onChange,
}: {
  readonly draft: Tables
  readonly standard: Tables
  readonly onChange: (draft: Tables) => void
}) {
  return (
    <Panel title="Weights and tables">
      {GROUPS.map(({ key, title, says }) => (
        <details key={key} className="tuning" open={key === 'weights'}>
          <summary>{title}</summary>
          <p className="quiet">{says}</p>
          <div className="tuning-fields">
            {differences(undefined, draft, key).map(({ path, to }) => (
              <NumberInput
                key={path.join('.')}
                label={path.slice(1).map(say).join(', ')}
                description={`Standard: ${readPath(standard, path) ?? 'none'}`}
                min={0}
                {...(isPercent(path) ? { max: 100 } : {})}
                size="xs"
                value={to}
                onChange={(value) =>
                  typeof value === 'number' ? onChange(writePath(draft, path, value)) : undefined
                }
              />
            ))}
          </div>
        </details>
      ))}
    </Panel>
  )
}
