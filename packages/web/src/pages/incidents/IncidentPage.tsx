import { Group, Stack } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import {
  type IncidentDetail,
  getIncident,
  listWorkOrders,
  moveIncident,
} from '@wardkeeper/contract'
import { useFollow } from '../../api/live.ts'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { DeviceLink } from '../../ui/Links.tsx'
import { Log } from '../../ui/Log.tsx'
import { SeverityMark, StateMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Due, Time } from '../../ui/Time.tsx'
import { sayMany } from '../../ui/words.ts'
import { DetectionCard } from '../detections/DetectionCard.tsx'
import { WORK_COLUMNS } from '../work/columns.tsx'
import { Dossiers } from './DossierPanel.tsx'

const route = getRouteApi('/signed-in/incidents/$id')

export default function IncidentPage() {
  const { id } = route.useParams()
  const incident = useCall(getIncident, { params: { id } })
  useFollow(['incident.changed'], incident, { id })
  return (
    <Answer query={incident} lines={12}>
      {(data) => (
        <>
          <PageHeader
            title={data.title}
            says={
              <>
                Opened <Time at={data.opened} />
                {data.actor ? (
                  <>
                    {' '}
                    because of <DeviceLink device={data.actor} />
                  </>
                ) : null}
              </>
            }
            actions={<Moves incident={data} />}
          />
          <Group gap={8} mb="md" mt={-6}>
            <SeverityMark severity={data.severity} />
            <StateMark state={data.state} />
            <Due at={data.due} />
          </Group>
          <div className="two-halves">
            <Stack gap="md">
              <Orders incident={data} />
              <Timeline incident={data} />
            </Stack>
            <Stack gap="md">
              <Dossiers dossiers={data.dossiers} actorId={data.actor?.id} />
              <Panel title="What was done">
                <Log entries={data.log} />
              </Panel>
            </Stack>
          </div>
        </>
      )}
    </Answer>
  )
}

function Timeline({ incident }: { readonly incident: IncidentDetail }) {
  const inTime = [...incident.timeline].sort((one, other) => one.time.localeCompare(other.time))
  return (
    <Panel title="What happened, first to last" isFlush>
      {inTime.length === 0 ? (
        <Empty title="No detection">This incident was opened for a finding.</Empty>
      ) : (
        inTime.map((detection) => (
          <DetectionCard key={detection.id} detection={detection} isInIncident />
        ))
      )}
    </Panel>
  )
}

const ORDER_COLUMNS = WORK_COLUMNS.filter(
  ({ id }) => !['opened', 'severity', 'devices'].includes(id),
)

function Orders({ incident }: { readonly incident: IncidentDetail }) {
  const orders = useCall(listWorkOrders, { query: { incidentId: incident.id, limit: 50 } })
  return (
    <Panel title="Work orders" isFlush>
      <Answer query={orders} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No work order yet">
              The response plan opens one where a person has to touch a device.
            </Empty>
          ) : (
            <DataTable
              caption="Work orders"
              rows={items}
              columns={ORDER_COLUMNS}
              opens={(row) => `/work/${row.id}`}
            />
          )
        }
      </Answer>
    </Panel>
  )
}

const NEXT_MOVE = {
  new: [
    'acknowledge',
    'Acknowledge',
    'Says that you look into it. The clock of the next step starts.',
  ],
  acknowledged: ['contain', 'Contained', 'Says that the threat can do no more harm for now.'],
  contained: ['resolve', 'Resolved', 'Says that the cause is gone and care runs as before.'],
  resolved: ['review', 'Reviewed', 'Says that what can be learned from it was written down.'],
} as const

function Moves({ incident }: { readonly incident: IncidentDetail }) {
  const canWrite = useCan('incidents:write')
  if (!canWrite || incident.state === 'reviewed') return null
  const [move, label, says] = NEXT_MOVE[incident.state]
  const devices = incident.dossiers.filter(({ assetId }) => assetId !== incident.actor?.id)
  const atRisk = devices.filter(({ inUse }) => inUse !== 'not-in-use').length
  return (
    <ActionButton
      key={move}
      route={moveIncident}
      input={({ reason }) => ({
        params: { id: incident.id },
        body: { move, ...(reason === '' ? {} : { note: reason }) },
      })}
      label={label}
      isMain
      title={`${label}: ${incident.title}`}
      says={`${says} It concerns ${sayMany(devices.length, 'device')}, ${atRisk} in use or not known to be free.`}
      reason="Note"
      isReasonOptional
    />
  )
}
