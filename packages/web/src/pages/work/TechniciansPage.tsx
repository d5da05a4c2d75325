import { type TechnicianView, listTechnicians } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { Unknown } from '../../ui/Claimed.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { DateOf, useNow } from '../../ui/Time.tsx'
import { say } from '../../ui/words.ts'
import { AddTechnicianButton } from './AddTechnicianButton.tsx'

type Authorization = TechnicianView['authorizations'][number]

export default function TechniciansPage() {
  const technicians = useCall(listTechnicians, {})
  const canAdd = useCan('work-orders:assign')
  return (
    <>
      <PageHeader
        title="Technicians"
        says="Who is authorised for what, and until when"
        actions={canAdd ? <AddTechnicianButton /> : null}
      />
      <Answer query={technicians}>
        {({ items }) =>
          items.length === 0 ? (
            <Panel>
              <Empty title="No technician yet">
                Work orders go only to people with a valid authorization for the device. A manager
                adds them.
              </Empty>
            </Panel>
          ) : (
            <Panel isFlush>
              <table className="rows" aria-label="Technicians">
                <thead>
                  <tr>
                    <th scope="col">Technician</th>
                    <th scope="col">Authorised for</th>
                    <th scope="col">To</th>
                    <th scope="col">Valid</th>
                    <th scope="col">Proof</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((one) => (
                    <Rows key={one.id} technician={one} />
                  ))}
                </tbody>
              </table>
            </Panel>
          )
        }
      </Answer>
    </>
  )
}

function Rows({ technician }: { readonly technician: TechnicianView }) {
  const { name, employer, username, authorizations } = technician
  const who = (
    <td rowSpan={Math.max(1, authorizations.length)}>
      <b>{name}</b>
      <div className="quiet">{employer}</div>
      <div className="quiet">
        {username === undefined ? 'cannot sign in' : `signs in as ${username}`}
      </div>
    </td>
  )
  if (authorizations.length === 0) {
    return (
      <tr>
        {who}
        <td colSpan={4}>
          <Unknown say="nothing: no work can be given to them" />
        </td>
      </tr>
    )
  }
  return authorizations.map((authorization, index) => (
    <tr key={`${authorization.proof} ${index}`}>
      {index === 0 ? who : null}
      <AuthorizationCells authorization={authorization} />
    </tr>
  ))
}

function AuthorizationCells({ authorization }: { readonly authorization: Authorization }) {
  const now = useNow()
  const { manufacturer, model, type, level, from, until, proof } = authorization
  const isOver = Date.parse(`${until}T23:59:59Z`) < now
  return (
    <>
      <td>
        {[
          manufacturer === '*' ? 'any maker' : manufacturer,
          model === '*' ? 'any model' : model,
          type === '*' ? 'any type' : say(type),
        ].join(', ')}
      </td>
      <td>{say(level)}</td>
      <td>
        <DateOf date={from} none="" /> to <DateOf date={until} none="" />{' '}
        {isOver ? <Mark tone="strong">Expired</Mark> : null}
      </td>
      <td>{proof}</td>
    </>
  )
}
