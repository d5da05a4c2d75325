import { Badge, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  type AssetDetail,
  type ClaimView,
  type IdentityDecision,
  disputeIdentity,
  listIdentityDecisions,
  lockIdentity,
  unlockIdentity,
  withdrawDispute,
} from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useCall, useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionDialog } from '../../ui/ActionDialog.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { say } from '../../ui/words.ts'
import { FormEnd, ReasonField } from '../../ui/FormParts.tsx'

type Attribute = ClaimView['attribute']

function useDecisions(assetId: string) {
  return useCall(listIdentityDecisions, { params: { id: assetId } })
}

/** What a value is called for people: types and categories have words, the others stand as they are. */
export function sayValue(attribute: string, value: string): string {
  return attribute === 'type' || attribute === 'category' ? say(value) : value
}

/** What a person may decide of one attribute: lock or dispute what is claimed, or take that back. */
export function IdentityActions({
  asset,
  attribute,
  value,
}: {
  readonly asset: AssetDetail
  readonly attribute: Attribute
  /** What is claimed; undefined where nothing is. */
  readonly value: string | undefined
}) {
  const canDecide = useCan('assets:decide')
  const { data } = useDecisions(asset.id)
  if (!canDecide || data === undefined) return null
  const standing = data.items.filter(
    (one) => one.attribute === attribute && one.ended === undefined,
  )
  const lock = standing.find(({ kind }) => kind === 'lock')
  const dispute = standing.find(({ kind }) => kind === 'dispute')
  const name = say(attribute).toLowerCase()
  if (lock !== undefined)
    return (
      <WordButton
        route={unlockIdentity}
        asset={asset}
        attribute={attribute}
        verb="Unlock"
        label={`Unlock the ${name}`}
        says={`${lock.by} locked it to ${sayValue(attribute, lock.value)}: ${lock.reason}. Records and what is seen decide again.`}
      />
    )
  return (
    <Group gap={8} wrap="nowrap">
      <LockButton
        asset={asset}
        attribute={attribute}
        value={value}
        choices={
          attribute === 'type' ? data.types : attribute === 'category' ? data.categories : undefined
        }
      />
      {dispute === undefined ? null : (
        <WordButton
          route={withdrawDispute}
          asset={asset}
          attribute={attribute}
          verb="Withdraw the dispute"
          label={`Withdraw the dispute of the ${name}`}
          says={`${dispute.by} disputes ${sayValue(attribute, dispute.value)}: ${dispute.reason}. It counts as before again.`}
        />
      )}
      {dispute === undefined && value !== undefined ? (
        <WordButton
          route={disputeIdentity}
          asset={asset}
          attribute={attribute}
          verb="Dispute"
          label={`Dispute the ${name}`}
          says={`You know that it is not ${sayValue(attribute, value)}, but not what it is. It stays visible as doubtful, with your reason beside it.`}
        />
      ) : null}
    </Group>
  )
}

function WordButton({
  route,
  asset,
  attribute,
  verb,
  label,
  says,
}: {
  readonly route: typeof unlockIdentity
  readonly asset: AssetDetail
  readonly attribute: Attribute
  readonly verb: string
  readonly label: string
  readonly says: string
}) {
  const [isOpen, dialog] = useDisclosure(false)
  const change = useChange(route)
  return (
    <>
      <Button variant="default" size="xs" aria-label={label} onClick={dialog.open}>
        {verb}
      </Button>
      <ActionDialog
        question={{ title: label, says, verb, reason: 'How do you know?' }}
        isOpen={isOpen}
        onClose={dialog.close}
        isBusy={change.isPending}
        error={change.error}
        onConfirm={({ reason }) =>
          change.mutate(
            { params: { id: asset.id }, body: { attribute, reason } },
            { onSuccess: dialog.close },
          )
        }
      />
    </>
  )
}

interface LockProps {
  readonly asset: AssetDetail
  readonly attribute: Attribute
  readonly value: string | undefined
  readonly choices: readonly string[] | undefined
}

function LockButton(props: LockProps) {
  const [isOpen, dialog] = useDisclosure(false)
  const name = say(props.attribute).toLowerCase()
  const title = props.value === undefined ? `Say what it is: ${name}` : `Lock the ${name}`
  return (
    <>
      <Button variant="default" size="xs" aria-label={title} onClick={dialog.open}>
        {props.value === undefined ? 'Say what it is' : 'Lock'}
      </Button>
      <Dialog title={title} isOpen={isOpen} onClose={dialog.close}>
        <LockForm {...props} onClose={dialog.close} />
      </Dialog>
    </>
  )
}

function LockForm({
  asset,
  attribute,
  value: claimed,
  choices,
  onClose,
}: LockProps & { readonly onClose: () => void }) {
  const change = useChange(lockIdentity)
  const [value, setValue] = useState(claimed ?? '')
  const [reason, setReason] = useState('')
  const isReady = value.trim() !== '' && reason.trim().length >= 3
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    const body = { attribute, value: value.trim(), reason: reason.trim() }
    change.mutate({ params: { id: asset.id }, body }, { onSuccess: onClose })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text>
          It stands over records and over all that is seen, until somebody unlocks it. What
          contradicts it stays in the ledger.
          {attribute === 'type' ? ' Its category is locked with it.' : ''}
        </Text>
        {choices === undefined ? (
          <TextInput
            label={say(attribute)}
            required
            data-autofocus
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        ) : (
          <Select
            label={say(attribute)}
            required
            searchable
            data={choices.map((one) => ({ value: one, label: say(one) }))}
            value={value === '' ? null : value}
            onChange={(chosen) => setValue(chosen ?? '')}
          />
        )}
        <ReasonField value={reason} onChange={setReason} />
        <FormEnd
          error={change.error}
          isBusy={change.isPending}
          isReady={isReady}
          verb="Lock"
          onClose={onClose}
        />
      </Stack>
    </form>
  )
}

const WHAT = { lock: 'Locked', accept: 'Accepted', dispute: 'Disputed' } as const

/** Everything that people decided of what this device is, also what they took back. */
export function IdentityDecisions({ asset }: { readonly asset: AssetDetail }) {
  const decisions = useDecisions(asset.id)
  return (
    <Panel title="What people decided" isFlush>
      <Answer query={decisions}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nobody locked or disputed anything">
              What this device is was worked out from records and from what was seen.
            </Empty>
          ) : (
            <table className="rows" aria-label="Decisions about what it is">
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">Value</th>
                  <th scope="col">By</th>
                  <th scope="col">When</th>
                  <th scope="col">Because</th>
                  <th scope="col">Until</th>
                </tr>
              </thead>
              <tbody>
                {items.map((item) => (
                  <DecisionRow key={`${item.kind}${item.attribute}${item.since}`} item={item} />
                ))}
              </tbody>
            </table>
          )
        }
      </Answer>
    </Panel>
  )
}

function DecisionRow({ item }: { readonly item: IdentityDecision }) {
  const { kind, attribute, value, by, since, reason, ended } = item
  return (
    <tr>
      <td>
        {WHAT[kind]}: {say(attribute).toLowerCase()}
      </td>
      <td>{sayValue(attribute, value)}</td>
      <td>{by}</td>
      <td>
        <Time at={since} />
      </td>
      <td>{reason}</td>
      <td>
        {ended === undefined ? (
          <Badge variant="light">stands</Badge>
        ) : (
          <>
            <Time at={ended.time} />
            {ended.by === undefined ? null : ` by ${ended.by}`}
            {ended.reason === undefined ? null : `: ${ended.reason}`}
          </>
        )}
      </td>
    </tr>
  )
}
