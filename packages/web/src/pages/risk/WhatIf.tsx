import { Checkbox, Group, Select, Stack } from '@mantine/core'
import { listRiskRollups, supposeRisk } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { Answer, Panel } from '../../ui/Panel.tsx'
import { say } from '../../ui/words.ts'
import { Preview } from './Preview.tsx'
import type { RiskSearch } from './search.ts'
import { usePreview } from './use-preview.ts'

const CHANGE = supposeRisk.body.shape.change.shape
const REACH = CHANGE.reach.unwrap().options
const LEGACY = CHANGE.legacy.unwrap().options
const USE = CHANGE.inUse.unwrap().options
const CONTROLS = CHANGE.addControls.unwrap().element.options
const KINDS = CHANGE.actions.unwrap().element.shape.kind.options

/** What scores would be if something were different. The whole question stands in the address. */
export function WhatIf({
  search,
  change,
}: {
  readonly search: RiskSearch
  readonly change: (patch: Partial<RiskSearch>) => void
}) {
  const preview = usePreview(supposeRisk, bodyOf(search))
  return (
    <div className="two-thirds">
      <Panel title="Then" isFlush>
        <Answer query={preview} lines={10}>
          {(data) => <Preview preview={data} />}
        </Answer>
      </Panel>
      <Stack gap="md">
        <Which search={search} change={change} />
        <Panel title="If">
          <Stack gap="sm">
            {search.action === undefined ? null : (
              <Checkbox
                checked
                onChange={() => change({ action: undefined })}
                label={`This were done: ${search.action}`}
              />
            )}
            <Choice
              label="They were in contact with"
              words={REACH}
              value={search.reach}
              onChange={(reach) => change({ reach })}
            />
            <Choice
              label="The support of their makers were"
              words={LEGACY}
              value={search.legacy}
              onChange={(legacy) => change({ legacy })}
            />
            <Choice
              label="They were in use or not"
              words={USE}
              value={search.inUse}
              onChange={(inUse) => change({ inUse })}
            />
            <Choice
              label="A control were observed to work"
              words={CONTROLS}
              value={search.control}
              onChange={(control) => change({ control })}
            />
            <Check
              label="Every advisory had a known exploit"
              name="exploited"
              search={search}
              change={change}
            />
            <Check label="No advisory were open" name="patched" search={search} change={change} />
            <Check
              label="No weakness were seen on the wire"
              name="hardened"
              search={search}
              change={change}
            />
            <Check label="No control worked" name="uncontrolled" search={search} change={change} />
          </Stack>
        </Panel>
      </Stack>
    </div>
  )
}

function bodyOf(search: RiskSearch) {
  const { asset, unit, model, reach, legacy, inUse, control } = search
  return {
    scope: {
      ...(asset === undefined ? {} : { assetIds: [asset] }),
      ...(unit === undefined ? {} : { unit }),
      ...(model === undefined ? {} : { model }),
    },
    change: {
      ...(reach === undefined ? {} : { reach }),
      ...(legacy === undefined ? {} : { legacy }),
      ...(inUse === undefined ? {} : { inUse }),
      ...(control === undefined ? {} : { addControls: [control] }),
      ...(search.exploited ? { isKnownExploited: true } : {}),
      ...(search.patched ? { withoutAdvisories: true } : {}),
      ...(search.hardened ? { withoutWeaknesses: true } : {}),
      ...(search.uncontrolled ? { withoutControls: true } : {}),
      ...actionsOf(search.action),
    },
  }
}

function actionsOf(action: string | undefined) {
  if (action === undefined) return {}
  const kind = KINDS.find((one) => action.startsWith(`${one} `))
  return kind === undefined ? {} : { actions: [{ kind, subject: action.slice(kind.length + 1) }] }
}

/** Which devices are meant. */
function Which({
  search,
  change,
}: {
  readonly search: RiskSearch
  readonly change: (patch: Partial<RiskSearch>) => void
}) {
  const units = useCall(listRiskRollups, { query: { scope: 'unit', limit: 200 } })
  const models = useCall(listRiskRollups, { query: { scope: 'model', limit: 200 } })
  const named = (items: readonly { key: string }[] | undefined) =>
    (items ?? []).map(({ key }) => key).filter((key) => key !== '')
  return (
    <Panel title="Which devices">
      <Stack gap="sm">
        {search.asset === undefined ? null : (
          <Checkbox
            checked
            onChange={() => change({ asset: undefined })}
            label="Only the device that you came from"
          />
        )}
        <Group grow>
          <Select
            label="Unit"
            placeholder="Any"
            clearable
            searchable
            data={named(units.data?.items)}
            value={search.unit ?? null}
            onChange={(unit) => change({ unit: unit ?? undefined })}
          />
          <Select
            label="Model"
            placeholder="Any"
            clearable
            searchable
            data={named(models.data?.items)}
            value={search.model ?? null}
            onChange={(model) => change({ model: model ?? undefined })}
          />
        </Group>
      </Stack>
    </Panel>
  )
}

function Choice<Word extends string>({
  label,
  words,
  value,
  onChange,
}: {
  readonly label: string
  readonly words: readonly Word[]
  readonly value: Word | undefined
  readonly onChange: (value: Word | undefined) => void
}) {
  return (
    <Select
      label={label}
      placeholder="As it is"
      clearable
      data={words.map((word) => ({ value: word, label: say(word) }))}
      value={value ?? null}
      onChange={(next) => onChange(words.find((word) => word === next))}
    />
  )
}

function Check({
  label,
  name,
  search,
  change,
}: {
  readonly label: string
  readonly name: 'exploited' | 'patched' | 'hardened' | 'uncontrolled'
  readonly search: RiskSearch
  readonly change: (patch: Partial<RiskSearch>) => void
}) {
  return (
    <Checkbox
      label={label}
      checked={search[name] === 'yes'}
      onChange={() => change({ [name]: search[name] === 'yes' ? undefined : 'yes' })}
    />
  )
}
