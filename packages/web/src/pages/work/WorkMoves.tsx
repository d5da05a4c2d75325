import { type WorkOrderView, moveWorkOrder, workWorkOrder } from '@wardkeeper/contract'
import { useCan, useSession } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'

type State = WorkOrderView['state']
const HOLDABLE: readonly State[] = ['ready', 'assigned', 'in-progress']
const CHECKED: readonly State[] = ['verified', 'contradicted', 'not-observable']
const ENDED: readonly State[] = ['closed', 'cancelled']

/** What can be done with the order now, by the one who looks at it. */
export function WorkMoves({ order }: { readonly order: WorkOrderView }) {
  const canRun = useCan('work-orders:assign')
  if (ENDED.includes(order.state)) return null
  return (
    <>
      {canRun ? <BoardMoves order={order} /> : null}
      <TechnicianMoves order={order} />
    </>
  )
}

/** Moves of the technician who holds the order. */
function TechnicianMoves({ order }: { readonly order: WorkOrderView }) {
  const canWork = useCan('work-orders:work')
  const { technicianId } = useSession()
  if (!canWork || order.technician === undefined || order.technician.id !== technicianId)
    return null
  const params = { id: order.id }
  const devices = order.devices.map(({ label }) => label).join(', ')
  // The keys keep the question of one move from turning into that of the next while it is still open.
  if (order.state === 'assigned') {
    return (
      <ActionButton
        key="start"
        route={workWorkOrder}
        input={() => ({ params, body: { move: 'start' } })}
        label="Start the work"
        isMain
        title="Start the work"
        says={`You begin to work on ${devices}. Ask the ward first: whether it is in use may not be known.`}
      />
    )
  }
  if (order.state !== 'in-progress') return null
  return (
    <ActionButton
      key="done"
      route={workWorkOrder}
      input={({ reason }) => ({ params, body: { move: 'done', resolution: reason } })}
      label="Say it is done"
      isMain
      title="Say it is done"
      says={`The network is asked next. It must show: ${order.expectation}`}
      reason="What did you do?"
    />
  )
}

/** Moves of the person who runs the board. */
function BoardMoves({ order }: { readonly order: WorkOrderView }) {
  const params = { id: order.id }
  const isVerified = order.state === 'verified'
  return (
    <>
      <ActionButton
        route={moveWorkOrder}
        input={({ reason }) => ({ params, body: { move: 'cancel', reason } })}
        label="Cancel the order"
        title={`Cancel work order ${order.number}`}
        says="Nobody does this work any more. What it was opened for stays open."
        verb="Cancel the order"
        isDangerous
        reason="Why?"
      />
      {order.state === 'on-hold' ? (
        <ActionButton
          route={moveWorkOrder}
          input={() => ({ params, body: { move: 'resume' } })}
          label="Resume"
          isMain
          title={`Resume work order ${order.number}`}
          says="It goes on where it was held."
        />
      ) : null}
      {HOLDABLE.includes(order.state) ? (
        <ActionButton
          route={moveWorkOrder}
          input={({ reason }) => ({ params, body: { move: 'hold', reason } })}
          label="Hold"
          title={`Hold work order ${order.number}`}
          says="It waits until somebody resumes it."
          reason="What does it wait for?"
        />
      ) : null}
      {CHECKED.includes(order.state) ? (
        <ActionButton
          route={moveWorkOrder}
          input={({ reason }) => ({
            params,
            body: { move: 'close', ...(reason === '' ? {} : { reason }) },
          })}
          label="Close"
          isMain
          title={`Close work order ${order.number}`}
          says={
            isVerified
              ? 'The network showed that the work was done.'
              : 'The network did not show that the work was done. Closing it is on your word, with your name.'
          }
          reason={isVerified ? 'Note' : 'How do you know that it was done?'}
          isReasonOptional={isVerified}
        />
      ) : null}
    </>
  )
}
