import { Button, MultiSelect, Select, Stack, TextInput, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  type RiskControlView,
  approveRiskControl,
  confirmRiskControl,
  endRiskControl,
  listAssets,
  listRiskControls,
  proposeRiskControl,
} from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useCall, useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { Unknown } from '../../ui/Claimed.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { DeviceLink } from '../../ui/Links.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { Answer, Empty, Failed, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { say, sayMany } from '../../ui/words.ts'

type State = RiskControlView['assets'][number]['state']

const TONES: Readonly<Record<State, 'good' | 'strong' | 'unknown' | 'half' | 'neutral'>> = {
  proposed: 'neutral',
  watching: 'half',
  working: 'good',
  violated: 'strong',
  blind: 'unknown',
  lapsed: 'unknown',
  ended: 'neutral',
}

const WORDS: Readonly<Record<State, string>> = {
  proposed: 'Not approved yet',
  watching: 'Being watched',
  working: 'Observed to work',
  violated: 'Violated',
  blind: 'Not observed',
  lapsed: 'Lapsed',
  ended: 'Taken back',
}

export function ControlMark({ state }: { readonly state: State }) {
  return <Mark tone={TONES[state]}>{WORDS[state]}</Mark>
}

/** Controls that stand between devices and danger, and whether each is seen to work. */
export function Controls() {
  const controls = useCall(listRiskControls, {})
  const canPropose = useCan('findings:propose')
  return (
    <Answer query={controls}>
      {({ items }) => (
        <Stack gap="md">
          <Panel title="Compensating controls" aside={canPropose ? <ProposeControl /> : null}>
            A control lowers a score only while it is observed to work: the sensor hears the
            segment, and nothing that it forbids is seen. It stops by itself when the sensor goes
            blind, when something forbidden is seen, or when nobody confirms it.
          </Panel>
          {items.length === 0 ? (
            <Panel>
              <Empty title="No control is written down">
                A firewall rule or a segment of its own that protects devices which cannot be
                patched belongs here.
              </Empty>
            </Panel>
          ) : (
            items.map((control) => <Control key={control.id} control={control} />)
          )}
        </Stack>
      )}
    </Answer>
  )
}

function Control({ control }: { readonly control: RiskControlView }) {
  return (
    <Panel title={control.name} aside={<Moves control={control} />} isFlush>
      <div className="panel-body">
        <dl className="facts">
          <dt>Kind</dt>
          <dd>
            {say(control.kind)}
            {control.service === undefined ? '' : `, ${control.service}`}
          </dd>
          {control.allowed.length === 0 ? null : (
            <>
              <dt>May still be in contact</dt>
              <dd className="mono">{control.allowed.join(', ')}</dd>
            </>
          )}
          <dt>Why</dt>
          <dd>{control.reason}</dd>
          <dt>Proposed by</dt>
          <dd>{control.by}</dd>
          <dt>Approved by</dt>
          <dd>{control.approvedBy ?? <Unknown say="nobody yet: a second person has to" />}</dd>
          <dt>Confirmed</dt>
          <dd>
            <Time at={control.confirmed} />
          </dd>
        </dl>
      </div>
      <table className="rows compact" aria-label={`Devices of ${control.name}`}>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">State</th>
            <th scope="col">Because</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {control.assets.map((asset) => (
            <tr key={asset.id}>
              <th scope="row">
                <DeviceLink device={asset} isRow />
              </th>
              <td>
                <ControlMark state={asset.state} />
              </td>
              <td>{asset.because}</td>
              <td>
                <Time at={asset.since} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function Moves({ control }: { readonly control: RiskControlView }) {
  const canPropose = useCan('findings:propose')
  const canApprove = useCan('findings:approve')
  const input = () => ({ params: { id: control.id } })
  const whom = sayMany(control.assets.length, 'device')
  if (control.ended !== undefined) return null
  return (
    <>
      {canApprove && control.approvedBy === undefined && !control.isOwn ? (
        <ActionButton
          route={approveRiskControl}
          input={input}
          label="Approve"
          isMain
          title="Approve the control"
          says={`It is watched from now on, and lowers the risk of ${whom} once it is observed to work.`}
        />
      ) : null}
      {canPropose && control.approvedBy !== undefined ? (
        <ActionButton
          route={confirmRiskControl}
          input={input}
          label="Confirm"
          title="Confirm the control"
          says={`You say that "${control.name}" is still meant to protect ${whom}.`}
        />
      ) : null}
      {canPropose ? (
        <ActionButton
          route={endRiskControl}
          input={input}
          label="Take back"
          isDangerous
          title="Take the control back"
          says={`It no longer lowers the risk of ${whom}. What was observed of it is kept.`}
        />
      ) : null}
    </>
  )
}

function ProposeControl() {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button onClick={dialog.open}>Propose a control</Button>
      <Dialog title="Propose a compensating control" isOpen={isOpen} onClose={dialog.close}>
        <ControlForm onDone={dialog.close} />
      </Dialog>
    </>
  )
}

const KINDS = proposeRiskControl.body.shape.kind.options
type Kind = (typeof KINDS)[number]

function ControlForm({ onDone }: { readonly onDone: () => void }) {
  const [name, setName] = useState('')
  const [kind, setKind] = useState<Kind>('segmentation')
  const [service, setService] = useState('')
  const [allowed, setAllowed] = useState('')
  const [reason, setReason] = useState('')
  const [assetIds, setAssetIds] = useState<string[]>([])
  const change = useChange(proposeRiskControl)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const addresses = allowed.split(/[\s,]+/).filter((one) => one !== '')
    const body = {
      name,
      kind,
      reason,
      assetIds,
      allowed: addresses,
      ...(kind === 'closed-service' ? { service } : {}),
    }
    change.mutate({ body }, { onSuccess: onDone })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          required
          minLength={3}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="What it keeps from happening"
          data={[
            { value: 'segmentation', label: 'Contact with other segments' },
            { value: 'no-internet', label: 'Contact with the internet' },
            { value: 'closed-service', label: 'Use of one service of the device' },
          ]}
          allowDeselect={false}
          value={kind}
          onChange={(next) => setKind(KINDS.find((one) => one === next) ?? 'segmentation')}
        />
        {kind === 'closed-service' ? (
          <TextInput
            label="Service"
            description="For example tcp/23"
            required
            value={service}
            onChange={(event) => setService(event.currentTarget.value)}
          />
        ) : null}
        <DevicesField value={assetIds} onChange={setAssetIds} />
        <TextInput
          label="Addresses that may still be in contact"
          description="Separated by commas; may stay empty"
          value={allowed}
          onChange={(event) => setAllowed(event.currentTarget.value)}
        />
        <Textarea
          label="Where it is configured, and why"
          required
          minLength={3}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {change.error ? <Failed error={change.error} /> : null}
        <Button type="submit" loading={change.isPending} disabled={assetIds.length === 0}>
          Propose
        </Button>
      </Stack>
    </form>
  )
}

/** Devices by search; those that were chosen stay in the list. */
function DevicesField({
  value,
  onChange,
}: {
  readonly value: string[]
  readonly onChange: (value: string[]) => void
}) {
  const [q, setQ] = useState('')
  const [names, setNames] = useState<Readonly<Record<string, string>>>({})
  const found = useCall(listAssets, { query: { q, limit: 30, sort: '-risk' } })
  const options = Object.fromEntries((found.data?.items ?? []).map(({ id, label }) => [id, label]))
  const all = { ...names, ...options }
  return (
    <MultiSelect
      label="Devices that it protects"
      placeholder={value.length === 0 ? 'Search a device' : ''}
      required
      searchable
      searchValue={q}
      onSearchChange={setQ}
      filter={({ options: shown }) => shown}
      data={Object.entries(all)
        .filter(([id]) => id in options || value.includes(id))
        .map(([id, label]) => ({ value: id, label }))}
      value={value}
      onChange={(next) => {
        setNames(Object.fromEntries(next.map((id) => [id, all[id] ?? id])))
        onChange(next)
      }}
    />
  )
}
