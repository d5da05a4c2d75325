import { Group, Stack } from '@mantine/core'
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router'
import {
  type FindingView,
  approveDecision,
  getFinding,
  openWorkOrderForFinding,
  proposeDecision,
} from '@wardkeeper/contract'
import { useFollow } from '../../api/live.ts'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { Unknown } from '../../ui/Claimed.tsx'
import { EvidenceTable } from '../../ui/Evidence.tsx'
import { DeviceLink } from '../../ui/Links.tsx'
import { Mark, SeverityMark, StateMark, VerdictMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Panel } from '../../ui/Panel.tsx'
import { DateOf, Time } from '../../ui/Time.tsx'
import { say } from '../../ui/words.ts'
import { Afterwards, Grounds } from './Grounds.tsx'
import { sayRemedy, saySubject } from './remedy.ts'

const route = getRouteApi('/signed-in/findings/$id')

const KIND_NAMES = {
  advisory: 'Advisory',
  weakness: 'Weakness seen on the wire',
  support: 'End of support',
  mds2: 'Contradicted statement of the maker',
} as const

export default function FindingPage() {
  const { id } = route.useParams()
  const finding = useCall(getFinding, { params: { id } })
  useFollow(['finding.changed'], finding, { id })
  return (
    <Answer query={finding} lines={10}>
      {(data) => (
        <>
          <PageHeader
            title={saySubject(data)}
            says={
              <>
                {KIND_NAMES[data.kind]} held against{' '}
                <DeviceLink device={{ id: data.assetId, label: data.asset }} />
              </>
            }
            actions={<Actions finding={data} />}
          />
          <Group gap={8} mb="md" mt={-6}>
            <VerdictMark verdict={data.verdict} />
            <SeverityMark severity={data.severity} />
            <StateMark state={data.state} />
            {data.isKnownExploited ? <Mark tone="strong">Exploited in the wild</Mark> : null}
          </Group>
          <Stack gap="md">
            <Why finding={data} />
            <Grounds finding={data} />
            {data.decision ? <Decision finding={data} /> : null}
            <Panel title="Evidence" isFlush>
              <EvidenceTable
                evidence={data.evidence}
                caption="What was seen"
                assetId={data.assetId}
              />
            </Panel>
            <Afterwards finding={data} />
          </Stack>
        </>
      )}
    </Answer>
  )
}

function Why({ finding }: { readonly finding: FindingView }) {
  return (
    <Panel title="Why, and what would end it">
      <dl className="facts">
        <dt>Because</dt>
        <dd>{finding.because}</dd>
        {finding.missing === undefined ? null : (
          <>
            <dt>What is missing</dt>
            <dd>
              <Mark tone="unknown">{say(finding.missing)}</Mark> Read it at the device: it would
              settle this.
            </dd>
          </>
        )}
        <dt>What would end it</dt>
        <dd>{sayRemedy(finding)}</dd>
        <dt>Work order</dt>
        <dd>
          {finding.workOrderId === undefined ? (
            <Unknown say="none opened" />
          ) : (
            <Link to="/work/$id" params={{ id: finding.workOrderId }}>
              Open the work order
            </Link>
          )}
        </dd>
        {finding.cves.length === 0 ? null : (
          <>
            <dt>Vulnerabilities</dt>
            <dd>{finding.cves.join(', ')}</dd>
          </>
        )}
        <dt>Same on other devices</dt>
        <dd>
          <Link to="/findings" search={{ subject: finding.subject, view: 'device' }}>
            All findings of {saySubject(finding)}
          </Link>
        </dd>
        {finding.link === undefined ? null : (
          <>
            <dt>Published at</dt>
            <dd>
              <a href={finding.link} target="_blank" rel="noreferrer noopener">
                {finding.link}
              </a>
            </dd>
          </>
        )}
        <dt>Opened</dt>
        <dd>
          <Time at={finding.opened} />
        </dd>
        {finding.closed === undefined ? null : (
          <>
            <dt>Ended</dt>
            <dd>
              <Time at={finding.closed} />
            </dd>
          </>
        )}
      </dl>
    </Panel>
  )
}

function Decision({ finding }: { readonly finding: FindingView }) {
  const { decision } = finding
  if (!decision) return null
  return (
    <Panel title="Decision">
      <dl className="facts">
        <dt>Proposed by</dt>
        <dd>
          {decision.by}, <Time at={decision.time} />
        </dd>
        <dt>Reason</dt>
        <dd>{decision.reason}</dd>
        <dt>Until</dt>
        <dd>
          <DateOf date={decision.until} none="no end" />
        </dd>
        <dt>Approved by</dt>
        <dd>{decision.approvedBy ?? <Unknown say="nobody yet: a second person has to" />}</dd>
      </dl>
    </Panel>
  )
}

function Actions({ finding }: { readonly finding: FindingView }) {
  const canOrder = useCan('work-orders:write')
  const canPropose = useCan('findings:propose')
  const canApprove = useCan('findings:approve')
  const navigate = useNavigate()
  const params = { id: finding.id }
  const isOpen = finding.state === 'open' || finding.state === 'in-progress'
  const isWaiting = finding.decision !== undefined && finding.decision.approvedBy === undefined
  return (
    <>
      {isOpen && canPropose && !isWaiting ? (
        <>
          <ActionButton
            route={proposeDecision}
            input={({ reason, until }) => ({
              params,
              body: { decision: 'accept', reason, ...(until === '' ? {} : { until }) },
            })}
            label="Accept the risk"
            title="Propose to accept this risk"
            says={`Nothing will be done about ${saySubject(finding)} on ${finding.asset}. Somebody else has to approve.`}
            verb="Propose"
            reason="Why is this acceptable?"
            until="Until"
          />
          <ActionButton
            route={proposeDecision}
            input={({ reason }) => ({ params, body: { decision: 'suppress', reason } })}
            label="Not true"
            title="Propose to suppress this finding"
            says={`${saySubject(finding)} does not apply to ${finding.asset}. It stays suppressed over new versions. Somebody else has to approve.`}
            verb="Propose"
            reason="Why does it not apply?"
          />
          <ActionButton
            route={proposeDecision}
            input={({ reason }) => ({
              params,
              body: { decision: 'suppress', reason, scope: 'model' },
            })}
            label="Not true for the model"
            title="Propose to suppress this on every device of the model"
            says={`${saySubject(finding)} does not apply to any device of this maker and model at the site, also to those that come. Somebody else has to approve.`}
            verb="Propose"
            reason="Why does it not apply?"
          />
        </>
      ) : null}
      {isWaiting && canApprove ? (
        <ActionButton
          route={approveDecision}
          input={() => ({ params })}
          label="Approve"
          isMain
          title="Approve the decision"
          says={`${finding.decision?.by ?? 'Somebody'} proposed this: ${finding.decision?.reason ?? ''}`}
        />
      ) : null}
      {isOpen && canOrder && finding.workOrderId === undefined ? (
        <ActionButton
          route={openWorkOrderForFinding}
          input={() => ({ params })}
          label="Open a work order"
          isMain
          title="Open a work order"
          says={`${sayRemedy(finding)} on ${finding.asset}. It goes only to a technician who is authorised for this device.`}
          onDone={({ id }) => void navigate({ to: '/work/$id', params: { id } })}
        />
      ) : null}
    </>
  )
}
