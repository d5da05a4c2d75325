import type { DossierView } from '@wardkeeper/contract'
import { Unknown } from '../../ui/Claimed.tsx'
import { DeviceLink, Where } from '../../ui/Links.tsx'
import { InUseMark } from '../../ui/Marks.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { DateOf } from '../../ui/Time.tsx'
import { say, sayMany } from '../../ui/words.ts'

/** What a person who must act needs to know of the device, as it was when the incident opened. */
export function DossierPanel({ dossier }: { readonly dossier: DossierView }) {
  const { lastMaintenance: last } = dossier
  const what = [dossier.manufacturer, dossier.model].filter(Boolean).join(' ')
  return (
    <Panel title={`Dossier: ${dossier.label}`}>
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
        <dd className="mono">{dossier.serial ?? <Unknown />}</dd>
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
