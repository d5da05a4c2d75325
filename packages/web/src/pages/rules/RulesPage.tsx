import { Button, Group, SegmentedControl, Stack } from '@mantine/core'
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router'
import { getRules, previewRules, saveRules } from '@wardkeeper/contract'
import { useState } from 'react'
import type { CallInput, CallOutput } from '../../api/call.ts'
import { useCall, useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { BeforeAfter } from '../../ui/BeforeAfter.tsx'
import { Unknown } from '../../ui/Claimed.tsx'
import { DeviceLink } from '../../ui/Links.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Failed, Panel } from '../../ui/Panel.tsx'
import { say, sayCount, sayMany } from '../../ui/words.ts'
import { MaintenancePanel } from './MaintenancePanel.tsx'
import { PrecedencePanel } from './PrecedencePanel.tsx'
import { ProtectedFields } from './ProtectedFields.tsx'
import { RuleEditor, type DraftRule } from './RuleEditor.tsx'
import { SetBy } from './SetBy.tsx'

const route = getRouteApi('/signed-in/rules')
type Rules = CallOutput<typeof getRules>
type RuleKind = 'medical' | 'ownership'
type Kind = RuleKind | 'sources' | 'protected' | 'maintenance'
type RuleSet = CallInput<typeof previewRules>['body']

const SAYS = {
  medical: 'What counts as a medical device here. The first rule that fits decides.',
  ownership:
    'Who answers for which devices. The first rule that fits decides; an owner on the device itself goes before.',
  sources: 'Which source of a value stands over which, where records and the network differ.',
  protected: 'Which fields of a device change only when a second person approves.',
  maintenance: 'Which preventive maintenance becomes a work order by itself, and how early.',
} as const satisfies Record<Kind, string>

/** The hospital's own word on devices: medical or not, whose, which source counts, what needs two people, and what becomes work. */
export default function RulesPage() {
  const { kind = 'medical' } = route.useSearch()
  const navigate = useNavigate()
  return (
    <>
      <PageHeader title="Rules" says={SAYS[kind]} />
      <Group mb="md">
        <SegmentedControl
          aria-label="Which rules"
          value={kind}
          data={[
            { value: 'medical', label: 'Medical devices' },
            { value: 'ownership', label: 'Who answers' },
            { value: 'sources', label: 'Which source counts' },
            { value: 'protected', label: 'Second person' },
            { value: 'maintenance', label: 'Maintenance' },
          ]}
          onChange={(next) =>
            void navigate({ to: '/rules', search: { kind: next as Kind }, replace: true })
          }
        />
      </Group>
      {kind === 'sources' ? (
        <PrecedencePanel />
      ) : kind === 'protected' ? (
        <ProtectedFields />
      ) : kind === 'maintenance' ? (
        <MaintenancePanel />
      ) : (
        <RuleSets kind={kind} />
      )}
    </>
  )
}

function RuleSets({ kind }: { readonly kind: RuleKind }) {
  const rules = useCall(getRules, {})
  return (
    <Answer query={rules} lines={12}>
      {(data) => <Whole key={`${kind} ${JSON.stringify(data[kind])}`} data={data} kind={kind} />}
    </Answer>
  )
}

function Whole({ data, kind }: { readonly data: Rules; readonly kind: RuleKind }) {
  const canDecide = useCan('assets:decide')
  const [draft, setDraft] = useState<readonly DraftRule[]>(data[kind])
  const preview = useChange(previewRules)
  const set = { kind, rules: draft } as unknown as RuleSet
  const isChanged = draft !== data[kind]
  const from = kind === 'medical' ? data.medicalFrom : data.ownershipFrom
  const change = (next: readonly DraftRule[]) => {
    setDraft(next)
    preview.reset()
  }
  return (
    <div className="two-halves">
      <Panel
        title={kind === 'medical' ? 'What counts as a medical device' : 'Who answers for what'}
        aside={<SetBy from={from} />}
      >
        <Group gap={8} mb="md">
          <Button
            variant="default"
            loading={preview.isPending}
            onClick={() => preview.mutate({ body: set })}
          >
            Try on the inventory
          </Button>
          {isChanged ? (
            <Button variant="default" onClick={() => change(data[kind])}>
              Undo my changes
            </Button>
          ) : null}
          {canDecide && preview.data && isChanged ? (
            <ActionButton
              route={saveRules}
              input={({ reason }) => ({ body: { set, reason } })}
              label="Put into force"
              isMain
              title="Put these rules into force"
              says={`${sayMany(preview.data.changed, 'device')} of ${sayCount(preview.data.assets)} will be judged differently.`}
              reason="Why?"
            />
          ) : null}
        </Group>
        {preview.error ? <Failed error={preview.error} /> : null}
        <RuleEditor kind={kind} rules={draft} canEdit={canDecide} onChange={change} />
      </Panel>
      <Stack gap="md">
        {preview.data ? <Preview data={preview.data} /> : <Now data={data} kind={kind} />}
        <Unowned data={data} />
      </Stack>
    </div>
  )
}

function Now({ data, kind }: { readonly data: Rules; readonly kind: RuleKind }) {
  if (kind === 'ownership') return null
  return (
    <Panel title="As it is now">
      <dl className="facts">
        <dt>Medical devices</dt>
        <dd>{sayCount(data.counts.yes)}</dd>
        <dt>Something else</dt>
        <dd>{sayCount(data.counts.no)}</dd>
        <dt>Not decided</dt>
        <dd>
          {data.counts.undecided === 0 ? '0' : <Unknown say={sayCount(data.counts.undecided)} />}
        </dd>
      </dl>
    </Panel>
  )
}

function Preview({ data }: { readonly data: CallOutput<typeof previewRules> }) {
  return (
    <Panel title={`${sayMany(data.changed, 'device')} would change`} isFlush>
      <table className="rows" aria-label="Outcomes before and after">
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            <th scope="col" className="number">
              Now
            </th>
            <th scope="col" className="number">
              With these rules
            </th>
          </tr>
        </thead>
        <tbody>
          {data.outcomes.map(({ value, before, after }) => (
            <tr key={value}>
              <td>{say(value)}</td>
              <td className="number">{sayCount(before)}</td>
              <td className="number">{sayCount(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.items.length === 0 ? (
        <Empty title="No device would be judged differently" />
      ) : (
        <table className="rows" aria-label="Devices that would change">
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">Change</th>
              <th scope="col">Rule</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map(({ id, label, before, after, rule }) => (
              <tr key={id}>
                <td>
                  <DeviceLink device={{ id, label }} isRow />
                </td>
                <td>
                  <BeforeAfter before={before} after={after} none="not decided" />
                </td>
                <td className="quiet">{rule}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

function Unowned({ data }: { readonly data: Rules }) {
  const total = data.unowned.reduce((sum, { count }) => sum + count, 0)
  return (
    <Panel title={`Nobody answers for ${sayMany(total, 'device')}`} isFlush>
      {total === 0 ? (
        <Empty title="Every device has somebody who answers for it" />
      ) : (
        <table className="rows" aria-label="Devices without an owner by type">
          <tbody>
            {data.unowned.slice(0, 20).map(({ type, count }) => (
              <tr key={type ?? ''}>
                <td>
                  <Link to="/assets" search={{ type: [type ?? ''] }} data-row="">
                    {type === undefined ? 'Type not known' : say(type)}
                  </Link>
                </td>
                <td className="number">{sayCount(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
