import { List } from '@mantine/core'
import { type WorkOrderView, assignWorkOrder, listCandidates } from '@wardkeeper/contract'
import type { CallOutput } from '../../api/call.ts'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { sayMany } from '../../ui/words.ts'

type Candidate = CallOutput<typeof listCandidates>['items'][number]

/** Who may do this work, and why the others may not. Those who may come first, the least busy on top. */
export function Candidates({ order }: { readonly order: WorkOrderView }) {
  const candidates = useCall(listCandidates, { params: { id: order.id } })
  return (
    <Panel title="Who may do it" isFlush>
      <Answer query={candidates}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="There are no technicians">
              Work goes only to people who are authorised for the device. A manager adds them, with
              what they are authorised for, under Technicians.
            </Empty>
          ) : (
            <table className="rows" aria-label="Who may do it">
              <thead>
                <tr>
                  <th scope="col">Technician</th>
                  <th scope="col">Authorised?</th>
                  <th scope="col">Has open</th>
                  <th scope="col">
                    <span className="quiet">Assign</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {[...items].sort(byRight).map((candidate) => (
                  <CandidateRow key={candidate.id} order={order} candidate={candidate} />
                ))}
              </tbody>
            </table>
          )
        }
      </Answer>
    </Panel>
  )
}

function byRight(one: Candidate, other: Candidate): number {
  const right = Math.sign(one.reasons.length) - Math.sign(other.reasons.length)
  return right || one.openWorkOrders - other.openWorkOrders || one.name.localeCompare(other.name)
}

function CandidateRow({
  order,
  candidate,
}: {
  readonly order: WorkOrderView
  readonly candidate: Candidate
}) {
  const canAssign = useCan('work-orders:assign')
  const mayDoIt = candidate.reasons.length === 0
  const isHolder = order.technician?.id === candidate.id
  return (
    <tr>
      <td>
        <b>{candidate.name}</b>
        <div className="quiet">{candidate.employer}</div>
      </td>
      <td>
        {mayDoIt ? (
          <Mark tone="good">Authorised for every device</Mark>
        ) : (
          <>
            <Mark tone="neutral">Not authorised</Mark>
            <List size="sm" mt={4} spacing={2}>
              {candidate.reasons.map((reason) => (
                <List.Item key={reason}>{reason}</List.Item>
              ))}
            </List>
          </>
        )}
      </td>
      <td>{sayMany(candidate.openWorkOrders, 'order')}</td>
      <td style={{ textAlign: 'right' }}>
        {isHolder ? (
          <Mark tone="neutral">Has it</Mark>
        ) : canAssign ? (
          <ActionButton
            route={assignWorkOrder}
            input={() => ({ params: { id: order.id }, body: { technicianId: candidate.id } })}
            label="Assign"
            isMain={mayDoIt}
            title={`Assign to ${candidate.name}`}
            says={
              mayDoIt
                ? `${candidate.name} is authorised for ${sayMany(order.devices.length, 'device')} of this order and gets it now.`
                : `As far as we know ${candidate.name} is not authorised, and the order will be refused. Record the authorization first if there is one.`
            }
          />
        ) : null}
      </td>
    </tr>
  )
}
