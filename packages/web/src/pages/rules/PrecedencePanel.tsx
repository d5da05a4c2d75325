import { ActionIcon, Anchor, Button, Group, Stack } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { listPrecedence, previewPrecedence, setPrecedence } from '@wardkeeper/contract'
import { useState } from 'react'
import type { CallOutput } from '../../api/call.ts'
import { useCall, useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { BeforeAfter } from '../../ui/BeforeAfter.tsx'
import { DeviceLink } from '../../ui/Links.tsx'
import { Answer, Empty, Failed, Panel } from '../../ui/Panel.tsx'
import { say, sayMany } from '../../ui/words.ts'

type Rule = CallOutput<typeof listPrecedence>['items'][number]
type Source = Rule['sources'][number]

const SOURCE_SAYS = {
  locked: 'locked by a person',
  accepted: 'accepted by a person',
  declared: 'declared by a record',
  observed: 'observed on the network',
} as const satisfies Record<Source, string>

/** For each attribute which source of a value stands over which. */
export function PrecedencePanel() {
  const rules = useCall(listPrecedence, {})
  const [opened, open] = useState<string>()
  return (
    <Answer query={rules} lines={8}>
      {({ items }) => {
        const rule = items.find(({ attribute }) => attribute === opened) ?? items[0]
        return (
          <div className="two-halves">
            <Panel title="Which source counts" isFlush>
              <table className="rows" aria-label="Order of sources by attribute">
                <thead>
                  <tr>
                    <th scope="col">Attribute</th>
                    <th scope="col">The strongest first</th>
                    <th scope="col">Set by</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map(({ attribute, sources, isOwn }) => (
                    <tr key={attribute} aria-current={attribute === rule?.attribute}>
                      <td>
                        <Anchor component="button" data-row="" onClick={() => open(attribute)}>
                          {nameOf(attribute)}
                        </Anchor>
                      </td>
                      <td>{sources.join(', ')}</td>
                      <td className="quiet">{isOwn ? 'this site' : 'as the product comes'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Panel>
            {rule === undefined ? null : (
              <Order key={`${rule.attribute} ${rule.sources.join()}`} rule={rule} />
            )}
          </div>
        )
      }}
    </Answer>
  )
}

function nameOf(attribute: string): string {
  return attribute === '*' ? 'All others' : say(attribute)
}

function Order({ rule }: { readonly rule: Rule }) {
  const canDecide = useCan('assets:decide')
  const [sources, setSources] = useState<readonly Source[]>(rule.sources)
  const preview = useChange(previewPrecedence)
  const isChanged = sources.join() !== rule.sources.join()
  const body = { attribute: rule.attribute, sources: [...sources] }
  const put = (next: readonly Source[]) => {
    setSources(next)
    preview.reset()
  }
  const move = (at: number, by: number) => {
    const moved = sources[at]
    if (moved !== undefined) put(sources.toSpliced(at, 1).toSpliced(at + by, 0, moved))
  }
  return (
    <Stack gap="md">
      <Panel title={`${nameOf(rule.attribute)}: the strongest first`}>
        <ol className="order" aria-label="Order of sources">
          {sources.map((source, at) => (
            <li key={source}>
              <Group gap={6}>
                <ActionIcon
                  variant="default"
                  aria-label={`${say(source)} stronger`}
                  disabled={!canDecide || at < 2}
                  onClick={() => move(at, -1)}
                >
                  <IconArrowUp size={15} />
                </ActionIcon>
                <ActionIcon
                  variant="default"
                  aria-label={`${say(source)} weaker`}
                  disabled={!canDecide || at === 0 || at === sources.length - 1}
                  onClick={() => move(at, 1)}
                >
                  <IconArrowDown size={15} />
                </ActionIcon>
                <span>{SOURCE_SAYS[source]}</span>
              </Group>
            </li>
          ))}
        </ol>
        <p className="quiet">A lock always stands over all else.</p>
        {isChanged ? (
          <Group gap={8} mt="md">
            <Button
              variant="default"
              loading={preview.isPending}
              onClick={() => preview.mutate({ body })}
            >
              Try on the inventory
            </Button>
            <Button variant="default" onClick={() => put(rule.sources)}>
              Undo my changes
            </Button>
            {preview.data ? (
              <ActionButton
                route={setPrecedence}
                input={({ reason }) => ({ body: { ...body, reason } })}
                label="Put into force"
                isMain
                title={`Put this order into force: ${nameOf(rule.attribute)}`}
                says={`${sayMany(preview.data.changed, 'device')} will show another value.`}
                reason="Why?"
              />
            ) : null}
          </Group>
        ) : null}
        {preview.error ? <Failed error={preview.error} /> : null}
      </Panel>
      {preview.data ? <Preview data={preview.data} /> : null}
    </Stack>
  )
}

function Preview({ data }: { readonly data: CallOutput<typeof previewPrecedence> }) {
  return (
    <Panel title={`${sayMany(data.changed, 'device')} would show another value`} isFlush>
      {data.examples.length === 0 ? (
        <Empty title="No device would show another value" />
      ) : (
        <table className="rows" aria-label="Devices that would show another value">
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">Attribute</th>
              <th scope="col">Change</th>
            </tr>
          </thead>
          <tbody>
            {data.examples.map(({ assetId, label, attribute, before, after }) => (
              <tr key={`${assetId} ${attribute}`}>
                <td>
                  <DeviceLink device={{ id: assetId, label }} isRow />
                </td>
                <td>{say(attribute)}</td>
                <td>
                  <BeforeAfter before={before} after={after} none="nothing" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
