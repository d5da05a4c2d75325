import { SegmentedControl } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import {
  type ProposalView,
  decideProposal,
  listProposals,
  withdrawProposal,
} from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ListBar, NewRows, Pager } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { Unknown } from '../../ui/Claimed.tsx'
import { DeviceLink } from '../../ui/Links.tsx'
import { StateMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { say } from '../../ui/words.ts'

const route = getRouteApi('/signed-in/decisions')
type Search = ReturnType<typeof route.useSearch>

/** Changes of devices that wait for a second person. */
export default function DecisionsPage() {
  const list = useList<Search>()
  const state = list.search.state ?? ['open']
  const proposals = useCall(listProposals, { query: { ...list.query, state } })
  const isOpen = state.includes('open')
  return (
    <>
      <PageHeader
        title="Decisions"
        says="Changes of devices that need a second person. Who proposed one cannot approve it."
      />
      <Panel isFlush>
        <ListBar>
          <SegmentedControl
            aria-label="Which proposals"
            value={isOpen ? 'open' : 'decided'}
            data={[
              { value: 'open', label: 'Waiting' },
              { value: 'decided', label: 'Decided' },
            ]}
            onChange={(next) =>
              list.change({
                state: next === 'open' ? undefined : ['approved', 'refused', 'withdrawn'],
              })
            }
          />
          <NewRows types={['asset.changed']} query={proposals} one="device" />
        </ListBar>
        <Answer query={proposals}>
          {(data) =>
            data.items.length === 0 ? (
              <Empty title={isOpen ? 'Nothing waits for a decision' : 'Nothing was decided yet'}>
                A change of a protected field is proposed on the page of the device.
              </Empty>
            ) : (
              <>
                <table className="rows" aria-label="Proposed changes">
                  <thead>
                    <tr>
                      <th scope="col">Device</th>
                      <th scope="col">Change</th>
                      <th scope="col">Why</th>
                      <th scope="col">Proposed</th>
                      <th scope="col">Decision</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.items.map((proposal) => (
                      <ProposalRow key={proposal.id} proposal={proposal} />
                    ))}
                  </tbody>
                </table>
                <Pager list={list} data={data} one="proposal" />
              </>
            )
          }
        </Answer>
      </Panel>
    </>
  )
}

function ProposalRow({ proposal }: { readonly proposal: ProposalView }) {
  return (
    <tr>
      <td>
        <DeviceLink device={{ id: proposal.assetId, label: proposal.asset }} isRow />
        <div className="quiet">{proposal.unit}</div>
      </td>
      <td>
        <ChangeList changes={proposal.changes} />
      </td>
      <td>{proposal.reason}</td>
      <td>
        {proposal.proposedBy}
        <div className="quiet">
          <Time at={proposal.proposed} />
        </div>
      </td>
      <td>
        {proposal.state === 'open' ? (
          <Decide proposal={proposal} />
        ) : (
          <>
            <StateMark state={proposal.state} />
            <div className="quiet">
              {proposal.decidedBy} <Time at={proposal.decided} none="" />
            </div>
            {proposal.decisionReason}
          </>
        )}
      </td>
    </tr>
  )
}

function ChangeList({ changes }: Pick<ProposalView, 'changes'>) {
  return (
    <>
      {changes.map(({ field, before, after }) => (
        <div key={field}>
          {say(field)}: {before === undefined ? <Unknown say="nothing" /> : say(before)} to{' '}
          <b>{after === undefined ? 'nothing' : say(after)}</b>
        </div>
      ))}
    </>
  )
}

function Decide({ proposal }: { readonly proposal: ProposalView }) {
  const canDecide = useCan('assets:decide')
  const params = { id: proposal.id }
  if (proposal.isOwn) {
    return (
      <ActionButton
        route={withdrawProposal}
        input={() => ({ params })}
        label="Take back"
        title="Take this proposal back"
        says={`Nothing changes on ${proposal.asset}.`}
      />
    )
  }
  if (!canDecide) return <span className="quiet">waits for a manager</span>
  return (
    <span style={{ display: 'inline-flex', gap: 6 }}>
      <ActionButton
        route={decideProposal}
        input={() => ({ params, body: { decision: 'approve' } })}
        label="Approve"
        isMain
        title="Approve the change"
        says={
          <>
            {proposal.asset}: <ChangeList changes={proposal.changes} />
          </>
        }
      />
      <ActionButton
        route={decideProposal}
        input={({ reason }) => ({ params, body: { decision: 'refuse', reason } })}
        label="Refuse"
        title="Refuse the change"
        says={`${proposal.proposedBy} will see why.`}
        reason="Why not?"
      />
    </span>
  )
}
