import { Button } from '@mantine/core'
import type { DossierView } from '@wardkeeper/contract'
import { useState } from 'react'
import { Unknown } from '../../ui/Claimed.tsx'
import { DeviceLink, Where } from '../../ui/Links.tsx'
import { InUseMark } from '../../ui/Marks.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { DateOf } from '../../ui/Time.tsx'
import { say, sayMany } from '../../ui/words.ts'

/** What a person who must act needs to know of the device, as it was when the incident opened. */
function DossierPanel({
  dossier,
  title,
}: {
  readonly dossier: DossierView
  readonly title: string
}) {
  const { lastMaintenance: last } = dossier
  const what = [dossier.manufacturer, dossier.model].filter(Boolean).join(' ')
  return (
    <Panel title={title}>
      <dl className="facts">
        <dt>Device</dt>
        <dd>
          <DeviceLink device={{ id: dossier.assetId, label: dossier.label }} />
        </dd>
        <dt>What</dt>
        <dd>
          {dossier.type === undefined && what === '' ? (
            <Unknown />
          ) : (
            [dossier.type === undefined ? undefined : say(dossier.type), what || undefined]
              .filter(Boolean)
              .join(', ')
          )}
        </dd>
        <dt>Where</dt>
        <dd>
          <Where unit={dossier.unit} room={dossier.room} />
        </dd>
        <dt>In use</dt>
        <dd>
          <InUseMark inUse={dossier.inUse} />
        </dd>
        <dt>Owner</dt>
        <dd>{dossier.owner ?? <Unknown say="nobody owns this" />}</dd>
        <dt>Serial number</dt>
        <dd>{dossier.serial ? <span className="mono">{dossier.serial}</span> : <Unknown />}</dd>
        <dt>Warranty until</dt>
        <dd>
          <DateOf date={dossier.warrantyUntil} none="not known" />
        </dd>
        <dt>Contract</dt>
        <dd>{dossier.contract ?? <Unknown say="none written down" />}</dd>
        <dt>Last maintenance</dt>
        <dd>
          {last ? (
            <>
              <DateOf date={last.date} none="" />, {last.by}: {last.what}
            </>
          ) : (
            <Unknown say="none recorded" />
          )}
        </dd>
        <dt>Open findings</dt>
        <dd>{dossier.openFindings === 0 ? 'none' : sayMany(dossier.openFindings, 'finding')}</dd>
      </dl>
    </Panel>
  )
}

const SHOWN_AT_FIRST = 3

/** The devices of an incident, the one at risk first; an attack on a whole ward does not bury the page. */
export function Dossiers({
  dossiers,
  actorId,
}: {
  readonly dossiers: readonly DossierView[]
  /** The device that did it comes last: it is not the one whose patient is at risk. */
  readonly actorId: string | undefined
}) {
  const [isOpen, setOpen] = useState(false)
  const isActor = ({ assetId }: DossierView) => assetId === actorId
  const sorted = [...dossiers.filter((one) => !isActor(one)), ...dossiers.filter(isActor)]
  const shown = isOpen ? sorted : sorted.slice(0, SHOWN_AT_FIRST)
  return (
    <>
      {shown.map((dossier, index) => (
        <DossierPanel
          key={dossier.assetId}
          dossier={dossier}
          title={`Dossier ${index + 1} of ${dossiers.length}`}
        />
      ))}
      {dossiers.length > shown.length ? (
        <Button variant="default" onClick={() => setOpen(true)}>
          Show the other {dossiers.length - shown.length}
        </Button>
      ) : null}
    </>
  )
}
