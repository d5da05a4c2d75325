import type { AssetDetail } from '@wardkeeper/contract'
import { Unknown } from '../../ui/Claimed.tsx'
import { Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { PresencePanel } from './PresencePanel.tsx'
import { Regroupings } from './Regroupings.tsx'

const NOTES = {
  random: 'random address, not burnt in',
  'virtual-machine': 'virtual machine or container',
  forwards: 'forwards for others: router, gateway or NAT',
} as const

/** Interfaces with every address they had, when the device was there, and which records it was made of. */
export function Network({ asset }: { readonly asset: AssetDetail }) {
  return (
    <>
      <Interfaces asset={asset} />
      <PresencePanel assetId={asset.id} />
      <Regroupings asset={asset} />
    </>
  )
}

function Interfaces({ asset }: { readonly asset: AssetDetail }) {
  return (
    <Panel title="Interfaces and addresses" isFlush>
      {asset.interfaces.length === 0 ? (
        <Empty title="No interface seen">
          This device was written down by a person or a maintenance system; no sensor saw it.
        </Empty>
      ) : (
        <table className="rows" aria-label="Interfaces and addresses">
          <thead>
            <tr>
              <th scope="col">Interface (MAC)</th>
              <th scope="col">Maker of the network card</th>
              <th scope="col">Address</th>
              <th scope="col">Since</th>
              <th scope="col">Until</th>
            </tr>
          </thead>
          <tbody>
            {asset.interfaces.flatMap(({ mac, maker, note, addresses }) =>
              (addresses.length > 0 ? addresses : [undefined]).map((address, index) => (
                <tr key={`${mac ?? ''} ${address?.ip ?? ''} ${address?.since ?? ''}`}>
                  <td className="mono">
                    {index === 0 ? (mac ?? <Unknown say="behind a router" />) : ''}
                  </td>
                  <td>
                    {index === 0 ? (maker ?? <Unknown />) : ''}
                    {index === 0 && note ? <div className="quiet">{NOTES[note]}</div> : null}
                  </td>
                  <td className="mono">{address?.ip ?? <Unknown say="none seen" />}</td>
                  <td>{address ? <Time at={address.since} /> : null}</td>
                  <td>{address ? <Time at={address.until} none="now" /> : null}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
