import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import {
  getMaintenance,
  maintenanceSettings,
  previewMaintenance,
  saveMaintenance,
  type MaintenanceSettingsView,
} from '@wardkeeper/contract'
import { useState } from 'react'
import type { CallOutput } from '../../api/call.ts'
import { useCall, useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { Answer, Empty, Failed, Panel } from '../../ui/Panel.tsx'
import { DateOf } from '../../ui/Time.tsx'
import { sayCount, sayMany } from '../../ui/words.ts'
import { SetBy } from './SetBy.tsx'

type Maintenance = CallOutput<typeof getMaintenance>
type Forecast = Maintenance['forecast']

/** Which preventive maintenance becomes a work order by itself. */
export function MaintenancePanel() {
  const maintenance = useCall(getMaintenance, {})
  return (
    <Answer query={maintenance} lines={10}>
      {(data) => <Whole key={JSON.stringify(data.settings)} data={data} />}
    </Answer>
  )
}

/** What stands in the fields, which may be nothing yet. */
interface Draft extends Omit<MaintenanceSettingsView, 'leadDays' | 'mostDevices'> {
  readonly leadDays: string
  readonly mostDevices: string
}

function Whole({ data }: { readonly data: Maintenance }) {
  const canSet = useCan('work-orders:assign')
  const { settings, from, forecast } = data
  const start: Draft = {
    ...settings,
    leadDays: String(settings.leadDays),
    mostDevices: String(settings.mostDevices),
  }
  const [draft, setDraft] = useState(start)
  const preview = useChange(previewMaintenance)
  const read = maintenanceSettings.safeParse({
    ...draft,
    leadDays: numberOf(draft.leadDays),
    mostDevices: numberOf(draft.mostDevices),
  })
  const isChanged = JSON.stringify(draft) !== JSON.stringify(start)
  const change = (next: Draft) => {
    setDraft(next)
    preview.reset()
  }
  return (
    <div className="two-halves">
      <Panel title="Maintenance that becomes work" aside={<SetBy from={from} />}>
        <Stack gap="md">
          <Fields draft={draft} canSet={canSet} onChange={change} />
          <Group gap={8}>
            <Button
              variant="default"
              loading={preview.isPending}
              disabled={!read.success}
              onClick={() => {
                if (read.success) preview.mutate({ body: read.data })
              }}
            >
              Try on the inventory
            </Button>
            {isChanged ? (
              <Button variant="default" onClick={() => change(start)}>
                Undo my changes
              </Button>
            ) : null}
            {canSet && preview.data && isChanged && read.success ? (
              <ActionButton
                route={saveMaintenance}
                input={({ reason }) => ({ body: { settings: read.data, reason } })}
                label="Put into force"
                isMain
                title="Put this into force"
                says={sayForecast(preview.data)}
                reason="Why?"
              />
            ) : null}
          </Group>
          {preview.error ? <Failed error={preview.error} /> : null}
        </Stack>
      </Panel>
      <Stack gap="md">
        <Now data={data} />
        <Orders data={preview.data ?? forecast} isTried={preview.data !== undefined} />
      </Stack>
    </div>
  )
}

/** An empty field is not nought. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

function sayForecast({ orders, devices }: Forecast): string {
  return orders === 0
    ? 'No order is opened now; what becomes due later is opened then.'
    : `${sayMany(orders, 'order')} for ${sayMany(devices, 'device')} will be opened within minutes.`
}

function Fields({
  draft,
  canSet,
  onChange,
}: {
  readonly draft: Draft
  readonly canSet: boolean
  readonly onChange: (next: Draft) => void
}) {
  const text = (name: 'leadDays' | 'mostDevices' | 'since', label: string, says: string) => (
    <TextInput
      type={name === 'since' ? 'date' : 'number'}
      label={label}
      description={says}
      required
      disabled={!canSet}
      {...(name === 'since'
        ? {}
        : { min: name === 'leadDays' ? 0 : 1, max: name === 'leadDays' ? 90 : 100 })}
      value={draft[name]}
      onChange={(event) => onChange({ ...draft, [name]: event.currentTarget.value })}
    />
  )
  const box = (name: 'isOn' | 'withRecords', label: string, says: string) => (
    <Checkbox
      label={label}
      description={says}
      disabled={!canSet}
      checked={draft[name]}
      onChange={(event) => onChange({ ...draft, [name]: event.currentTarget.checked })}
    />
  )
  return (
    <>
      {box(
        'isOn',
        'Open a work order when maintenance is due',
        'One for each task, model, unit and month',
      )}
      {text(
        'leadDays',
        'Days before it is due',
        'The order is opened so early, so that it can be planned',
      )}
      {text(
        'mostDevices',
        'Devices in one order, at most',
        'More than one person does in a round are two orders',
      )}
      {text('since', 'Due from', 'What was due before is counted as backlog and becomes no work')}
      {box(
        'withRecords',
        'Also dates of imported records',
        'Leave it off where the system that they come from opens its own work',
      )}
    </>
  )
}

function Now({ data: { open, forecast } }: { readonly data: Maintenance }) {
  return (
    <Panel title="As it is now">
      <dl className="facts">
        <dt>Open orders</dt>
        <dd>
          {open.orders === 0 ? (
            'none'
          ) : (
            <Link to="/work" search={{ view: 'list', sort: 'due' }}>
              {sayMany(open.orders, 'order')} for {sayMany(open.devices, 'device')}
            </Link>
          )}
        </dd>
        <dt>Backlog</dt>
        <dd>
          {forecast.backlog === 0 ? (
            'none'
          ) : (
            <Mark tone="strong">
              {sayMany(forecast.backlog, 'device')} overdue from before, without an order
            </Mark>
          )}
        </dd>
      </dl>
    </Panel>
  )
}

function Orders({ data, isTried }: { readonly data: Forecast; readonly isTried: boolean }) {
  const { orders, devices, backlog, unauthorised, isCut, items } = data
  const many = `${sayMany(orders, 'order')} for ${sayMany(devices, 'device')} ${isTried ? 'would be opened' : 'waiting to be opened'}`
  const title =
    orders > 0 ? many : isTried ? 'Nothing would be opened' : 'Nothing waits to be opened'
  return (
    <Panel title={title} isFlush>
      {items.length === 0 ? (
        <Empty title="What is due has its order">
          {isTried && backlog > 0
            ? `${sayMany(backlog, 'device')} would stay in the backlog: an earlier day lets them in.`
            : 'Maintenance comes from the schedules in the dossiers of devices, tab Documents.'}
        </Empty>
      ) : (
        <>
          <table className="rows" aria-label="Orders that would be opened">
            <thead>
              <tr>
                <th scope="col">Order</th>
                <th scope="col" className="number">
                  Devices
                </th>
                <th scope="col">Due</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={`${item.title} ${item.due}`}>
                  <td>{item.title}</td>
                  <td className="number">{sayCount(item.devices)}</td>
                  <td>
                    <DateOf date={item.due} none="not known" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="quiet" style={{ padding: '0 16px' }}>
            {orders > items.length ? `And ${sayCount(orders - items.length)} more. ` : ''}
            {unauthorised > 0
              ? `Nobody is authorised for ${sayMany(unauthorised, 'order')}: they wait to be assigned. `
              : ''}
            {backlog > 0 ? `${sayMany(backlog, 'device')} would stay in the backlog. ` : ''}
            {isCut ? 'More is due than was counted here.' : ''}
          </p>
        </>
      )}
    </Panel>
  )
}
