import { Stack } from '@mantine/core'
import {
  type AssetDetail,
  type AssetDossier,
  addMaintenance,
  getAssetDossier,
} from '@wardkeeper/contract'
import { useCall, useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { Unknown } from '../../ui/Claimed.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { Answer, Panel } from '../../ui/Panel.tsx'
import { DateOf, Time } from '../../ui/Time.tsx'
import { say } from '../../ui/words.ts'
import { sayFieldName } from '../inventory/words.ts'
import { OrderLink } from '../work/OrderLink.tsx'
import { type Field, FormButton, type Values } from './DossierForms.tsx'
import { Costs, Files } from './DossierPapers.tsx'
import { EndButton, type Part, PartTable, today, useSend } from './DossierParts.tsx'

/** The dossier of one device: maintenance and when it is due, contracts, costs, documents. */
export function Documents({ asset }: { readonly asset: AssetDetail }) {
  const dossier = useCall(getAssetDossier, { params: { id: asset.id } })
  return (
    <Answer query={dossier} lines={12}>
      {(data) => (
        <Stack gap="md">
          <Records data={data} />
          <Schedules assetId={asset.id} data={data} />
          <Maintenance assetId={asset.id} data={data} />
          <Contracts assetId={asset.id} data={data} />
          <Costs assetId={asset.id} data={data} />
          <Files assetId={asset.id} data={data} />
        </Stack>
      )}
    </Answer>
  )
}

/** What a maintenance system told, as it told it: it is another's word and stays beside our own. */
function Records({ data }: { readonly data: AssetDossier }) {
  return data.records.map(({ source, key, since, facts, isOverdue, workOrder }) => (
    <Panel
      key={`${source} ${key}`}
      title={`As recorded in ${source}, ${key}`}
      aside={
        <span className="quiet">
          since <Time at={since} />
        </span>
      }
    >
      <dl className="facts">
        {facts.map(({ field, value }) => (
          <div key={field} style={{ display: 'contents' }}>
            <dt>{sayFieldName(field)}</dt>
            <dd>
              {/^\d{4}-\d\d-\d\d$/.test(value) ? <DateOf date={value} none="" /> : value}{' '}
              {field === 'nextPm' && isOverdue ? <Mark tone="strong">Overdue</Mark> : null}{' '}
              {field === 'nextPm' ? <OrderLink order={workOrder} /> : null}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  ))
}

const SCHEDULE_FIELDS: readonly Field[] = [
  { name: 'name', label: 'What is done' },
  {
    name: 'program',
    label: 'Whose schedule',
    start: 'manufacturer',
    choices: [
      { value: 'manufacturer', label: 'Of the maker' },
      { value: 'alternate', label: 'Alternate (needs a justification)' },
    ],
  },
  { name: 'every', label: 'Every', type: 'number', start: '12' },
  {
    name: 'unit',
    label: 'Unit',
    start: 'month',
    choices: ['day', 'week', 'month', 'year'].map((value) => ({ value, label: `${say(value)}s` })),
  },
  { name: 'starts', label: 'First due', type: 'date' },
  {
    name: 'basis',
    label: 'Counted from',
    start: 'done',
    choices: [
      { value: 'done', label: 'when it was last done' },
      { value: 'calendar', label: 'the calendar' },
    ],
  },
  { name: 'justification', label: 'Justification', isOptional: true },
]

function Schedules({ assetId, data }: Part) {
  const canDecide = useCan('assets:decide')
  const send = useSend(assetId, (values) => ({
    kind: 'schedule',
    body: { ...values, every: Number(values['every']) },
  }))
  const nameOf = new Map(data.schedules.map(({ id, body }) => [id, body.name]))
  return (
    <PartTable
      title="Preventive maintenance"
      heads={['What', 'How often', 'Last done', 'Next due', 'Change']}
      isEmpty={data.schedules.length === 0}
      empty="No schedule is written down: nobody is told when maintenance is due"
      aside={
        canDecide ? (
          <FormButton
            label="Add a schedule"
            title="Add a schedule"
            fields={SCHEDULE_FIELDS}
            send={send}
          />
        ) : null
      }
    >
      {data.schedules.map(({ id, body, lastDone, next, isOverdue, replacedBy, workOrder }) => (
        <tr key={id}>
          <td>
            {body.name}
            <div className="quiet">
              {body.program === 'alternate'
                ? `alternate: ${body.justification ?? ''}`
                : 'of the maker'}
            </div>
          </td>
          <td>
            every {body.every} {body.unit}
            {body.every === 1 ? '' : 's'}
          </td>
          <td>
            <DateOf date={lastDone} none="not written down" />
          </td>
          <td>
            {replacedBy === undefined ? (
              <DateOf date={next} none="not known" />
            ) : (
              <span className="quiet">
                the alternate schedule counts ({nameOf.get(replacedBy) ?? 'see above'})
              </span>
            )}{' '}
            {isOverdue ? <Mark tone="strong">Overdue</Mark> : null}
            <div>
              <OrderLink order={workOrder} />
            </div>
          </td>
          <td>
            <EndButton assetId={assetId} entryId={id} what={body.name} />
          </td>
        </tr>
      ))}
    </PartTable>
  )
}

function Maintenance({ assetId, data }: Part) {
  const canWrite = useCan('assets:propose')
  const change = useChange(addMaintenance)
  const send = {
    isPending: change.isPending,
    error: change.error,
    run: (values: Values, onSuccess: () => void) =>
      change.mutate({ params: { id: assetId }, body: values as never }, { onSuccess }),
  }
  const fields: readonly Field[] = [
    { name: 'date', label: 'Done on', type: 'date', start: today() },
    { name: 'by', label: 'By' },
    { name: 'what', label: 'What was done' },
    {
      name: 'scheduleId',
      label: 'Of which schedule',
      isOptional: true,
      choices: data.schedules.map(({ id, body }) => ({ value: id, label: body.name })),
    },
  ]
  return (
    <PartTable
      title="Maintenance done"
      heads={['Date', 'What', 'By', 'Schedule']}
      isEmpty={data.maintenance.length === 0}
      empty="No maintenance is written down"
      aside={
        canWrite ? (
          <FormButton
            key={data.schedules.length}
            label="Add maintenance"
            title="Write down maintenance"
            fields={fields}
            send={send}
          />
        ) : null
      }
    >
      {data.maintenance.slice(0, 50).map(({ date, by, what, schedule }) => (
        <tr key={`${date} ${what}`}>
          <td>
            <DateOf date={date} none="not known" />
          </td>
          <td>{what}</td>
          <td>{by}</td>
          <td>{schedule ?? <Unknown say="none" />}</td>
        </tr>
      ))}
    </PartTable>
  )
}

const CONTRACT_FIELDS: readonly Field[] = [
  { name: 'provider', label: 'Provider' },
  { name: 'number', label: 'Number', isOptional: true },
  { name: 'covers', label: 'What it covers' },
  { name: 'from', label: 'From', type: 'date', isOptional: true },
  { name: 'until', label: 'Until', type: 'date' },
]

function Contracts({ assetId, data }: Part) {
  const canDecide = useCan('assets:decide')
  const send = useSend(assetId, (body) => ({ kind: 'contract', body }))
  return (
    <PartTable
      title="Service contracts"
      heads={['Provider', 'Covers', 'Until', 'Change']}
      isEmpty={data.contracts.length === 0}
      empty="No service contract is written down"
      aside={
        canDecide ? (
          <FormButton
            label="Add a contract"
            title="Add a contract"
            fields={CONTRACT_FIELDS}
            send={send}
          />
        ) : null
      }
    >
      {data.contracts.map(({ id, body }) => (
        <tr key={id}>
          <td>
            {body.provider}
            <div className="quiet">{body.number}</div>
          </td>
          <td>{body.covers}</td>
          <td>
            <DateOf date={body.until} none="not known" />{' '}
            {body.until < today() ? <Mark tone="strong">Over</Mark> : null}
          </td>
          <td>
            <EndButton assetId={assetId} entryId={id} what={`the contract of ${body.provider}`} />
          </td>
        </tr>
      ))}
    </PartTable>
  )
}
