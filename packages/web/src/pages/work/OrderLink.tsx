import { Link } from '@tanstack/react-router'
import type { WorkOrderView } from '@wardkeeper/contract'
import { StateMark } from '../../ui/Marks.tsx'

/** The work order that something became, with how far it is. */
export function OrderLink({
  order,
}: {
  readonly order: Pick<WorkOrderView, 'id' | 'number' | 'state'> | undefined
}) {
  if (order === undefined) return null
  return (
    <>
      <Link to="/work/$id" params={{ id: order.id }}>
        Work order {order.number}
      </Link>{' '}
      <StateMark state={order.state} />
    </>
  )
}
