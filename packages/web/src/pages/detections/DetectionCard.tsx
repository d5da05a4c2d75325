import { Collapse, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { type DetectionView, decideDetection } from '@wardkeeper/contract'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { EvidenceTable } from '../../ui/Evidence.tsx'
import { DeviceLink } from '../../ui/Links.tsx'
import { SeverityMark, StateMark } from '../../ui/Marks.tsx'
import { Moment, Time } from '../../ui/Time.tsx'
import { say, sayCount, sayMany } from '../../ui/words.ts'

/** One detection: what was expected, what was seen, who did it to whom, and the three verbs. */
export function DetectionCard({
  detection,
  isInIncident = false,
}: {
  readonly detection: DetectionView
  /** True on the page of its incident, where the link to it would lead nowhere new. */
  readonly isInIncident?: boolean
}) {
  const [isOpen, evidence] = useDisclosure(false)
  return (
    <article className="detection" aria-label={say(detection.detector)}>
      <Group gap={8} mb={6}>
        <SeverityMark severity={detection.severity} />
        <Text fw={600}>{say(detection.detector)}</Text>
        <StateMark state={detection.state} />
        <span className="quiet">
          {isInIncident ? <Moment at={detection.lastTime} /> : <Time at={detection.lastTime} />}
          {detection.count > 1 ? `, ${sayCount(detection.count)} times` : ''}
        </span>
        {detection.incidentId === undefined || isInIncident ? null : (
          <Link to="/incidents/$id" params={{ id: detection.incidentId }}>
            Its incident
          </Link>
        )}
      </Group>
      <div className="sides">
        <Sides detection={detection} />
        <div>
          <div className="quiet">Expected</div>
          {detection.expected}
        </div>
        <div>
          <div className="quiet">Seen</div>
          <b>{detection.seen}</b>
        </div>
      </div>
      <Group gap={8} mt={10}>
        <button
          type="button"
          className="text-button"
          aria-expanded={isOpen}
          data-row=""
          onClick={evidence.toggle}
        >
          {isOpen ? 'Hide the evidence' : `Show the evidence (${detection.evidence.length})`}
        </button>
        {detection.techniques.length === 0 ? null : (
          <span className="quiet">MITRE ATT&CK {detection.techniques.join(', ')}</span>
        )}
        <Group gap={8} ml="auto">
          <Verbs detection={detection} />
        </Group>
      </Group>
      <Collapse expanded={isOpen}>
        {isOpen ? (
          <EvidenceTable
            evidence={detection.evidence}
            caption={sayMany(detection.evidence.length, 'piece of evidence', 'pieces of evidence')}
          />
        ) : null}
      </Collapse>
    </article>
  )
}

function Sides({ detection: { actor, target } }: { readonly detection: DetectionView }) {
  return (
    <div>
      <div className="quiet">Who, to whom</div>
      {actor ? <DeviceLink device={actor} /> : <DeviceLink device={undefined} />}
      {target ? (
        <>
          <div>
            <span role="img" aria-label="to">
              →
            </span>{' '}
            <DeviceLink device={target} />
          </div>
        </>
      ) : null}
    </div>
  )
}

function Verbs({ detection }: { readonly detection: DetectionView }) {
  const canDecide = useCan('detections:decide')
  if (!canDecide || (detection.state !== 'raised' && detection.state !== 'in-incident')) return null
  const params = { id: detection.id }
  const who = detection.actor?.label ?? 'this device'
  return (
    <>
      <ActionButton
        route={decideDetection}
        input={({ reason }) => ({ params, body: { verb: 'learn', reason } })}
        label="Learn"
        title="It is normal: learn it"
        says={`From now on this counts as a habit of ${who} and is not reported again.`}
        reason="Why is it normal?"
      />
      <ActionButton
        route={decideDetection}
        input={({ reason, until }) => ({ params, body: { verb: 'mute', reason, until } })}
        label="Mute"
        title="Be silent about it for a while"
        says={`This is not reported for ${who} until the date. It is still recorded, and not learned.`}
        reason="Why?"
        until="Until"
      />
      <ActionButton
        route={decideDetection}
        input={({ reason }) => ({ params, body: { verb: 'close', reason } })}
        label="Close"
        title="Handled: close it"
        says={`If ${who} does it again you are told again.`}
        reason="What was it?"
      />
    </>
  )
}
