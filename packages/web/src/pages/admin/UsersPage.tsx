import { type UserView, listUsers } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { say } from '../../ui/words.ts'
import { AddUserButton } from './AddUserButton.tsx'

const COLUMNS: readonly Column<UserView>[] = [
  {
    id: 'name',
    header: 'Person',
    cell: (row) => (
      <>
        <b>{row.name}</b>
        <div className="quiet">{row.username}</div>
      </>
    ),
  },
  { id: 'roles', header: 'Roles', cell: (row) => row.roles.map(say).join(', ') },
  {
    id: 'sites',
    header: 'Sites',
    cell: (row) => (row.sites.includes('*') ? 'all sites' : row.sites.join(', ')),
  },
  {
    id: 'active',
    header: 'Account',
    cell: (row) =>
      row.isActive ? <Mark tone="good">Active</Mark> : <Mark tone="neutral">Closed</Mark>,
  },
  { id: 'last', header: 'Last sign-in', cell: (row) => <Time at={row.lastSignIn} /> },
]

export default function UsersPage() {
  const users = useCall(listUsers, {})
  return (
    <>
      <PageHeader
        title="Users"
        says="Who may sign in, and what they may do"
        actions={<AddUserButton />}
      />
      <Panel isFlush>
        <Answer query={users}>
          {({ items }) => <DataTable caption="Users" rows={items} columns={COLUMNS} />}
        </Answer>
      </Panel>
    </>
  )
}
