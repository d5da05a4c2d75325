import { Group, Stack } from '@mantine/core'
import { Link, getRouteApi } from '@tanstack/react-router'
import { type WorkOrderView, getWorkOrder } from '@wardkeeper/contract'
import { useFollow } from '../../api/live.ts'
import { useCall } from '../../api/queries.ts'
import { Unknown } from '../../ui/Claimed.tsx'
import { EvidenceTable } from '../../ui/Evidence.tsx'
import { DeviceLinks } from '../../ui/Links.tsx'
import { Log } from '../../ui/Log.tsx'
import { Mark, SeverityMark, StateMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Panel } from '../../ui/Panel.tsx'
import { Due, Time } from '../../ui/Time.tsx'
import { say } from '../../ui/words.ts'
import { Candidates } from './Candidates.tsx'
import { MaintenanceLines } from './MaintenanceLines.tsx'
import { WorkMoves } from './WorkMoves.tsx'

const route = getRouteApi('/signed-in/work/$id')
const ASSIGNABLE: readonly WorkOrderView['state'][] = ['draft', 'ready', 'assigned']

export default function WorkOrderPage() {
  const { id } = route.useParams()
  const order = useCall(getWorkOrder, { params: { id } })
  useFollow(['work-order.changed'], order, { id })
  return (
    <Answer query={order} lines={10}>
      {(data) => (
        <>
          <PageHeader
            title={`Work order ${data.number}: ${data.title}`}
            says={
              <>
                {say(data.kind)} on <DeviceLinks devices={data.devices} />, opened{' '}
                <Time at={data.opened} />
              </>
            }
            actions={<WorkMoves order={data} />}
          />
          <Group gap={8} mb="md" mt={-6}>
            <SeverityMark severity={data.severity} />
            <StateMark state={data.state} />
            {data.state === 'closed' || data.state === 'cancelled' ? null : <Due at={data.due} />}
          </Group>
          <div className="two-halves">
            <Stack gap="md">
              {data.maintenance === undefined ? null : (
                <MaintenanceLines lines={data.maintenance} />
              )}
              <Verification order={data} />
              {ASSIGNABLE.includes(data.state) ? <Candidates order={data} /> : null}
            </Stack>
            <Stack gap="md">
              <Facts order={data} />
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

/** What the network must show, and what it did show. */
function Verification({ order }: { readonly order: WorkOrderView }) {
  const { verification } = order
  return (
    <Panel title="How the network will tell">
      <dl className="facts">
        <dt>It must show</dt>
        <dd>{order.expectation}</dd>
        <dt>It shows</dt>
        <dd>{outcomeOf(order)}</dd>
        {order.resolution === undefined ? null : (
          <>
            <dt>The technician says</dt>
            <dd>{order.resolution}</dd>
          </>
        )}
      </dl>
      {verification && verification.evidence.length > 0 ? (
        <EvidenceTable evidence={verification.evidence} caption="What was seen since" />
      ) : null}
    </Panel>
  )
}

function outcomeOf({ state, verification, done }: WorkOrderView) {
  if (verification) return verification.reason
  if (state === 'done') return <Mark tone="unknown">Waiting for what the sensors see next</Mark>
  if (done === undefined)
    return <span className="quiet">Checked once the work is said to be done.</span>
  return <Unknown say="not checked" />
}

function Facts({ order }: { readonly order: WorkOrderView }) {
  return (
    <Panel title="In short">
      <dl className="facts">
        <dt>Technician</dt>
        <dd>{order.technician?.name ?? <Unknown say="nobody yet" />}</dd>
        <dt>Incident</dt>
        <dd>
          {order.incidentId === undefined ? (
            <span className="quiet">none</span>
          ) : (
            <Link to="/incidents/$id" params={{ id: order.incidentId }}>
              Open its incident
            </Link>
          )}
        </dd>
        <dt>Findings</dt>
        <dd>
          {order.findingIds.length === 0 ? (
            <span className="quiet">none</span>
          ) : (
            order.findingIds.map((findingId, index) => (
              <span key={findingId}>
                {index > 0 ? ', ' : ''}
                <Link to="/findings/$id" params={{ id: findingId }}>
                  {order.findingIds.length === 1 ? 'Open its finding' : `Finding ${index + 1}`}
                </Link>
              </span>
            ))
          )}
        </dd>
        <dt>Devices</dt>
        <dd>
          <DeviceLinks devices={order.devices} most={50} />
        </dd>
        <dt>Said to be done</dt>
        <dd>
          <Time at={order.done} none="not yet" />
        </dd>
      </dl>
    </Panel>
  )
}
