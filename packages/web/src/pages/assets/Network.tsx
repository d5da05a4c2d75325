import type { AssetDetail } from '@wardkeeper/contract'
import { Unknown } from '../../ui/Claimed.tsx'
import { Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'

/** Interfaces with every address they had, and when. */
export function Network({ asset }: { readonly asset: AssetDetail }) {
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
            {asset.interfaces.flatMap(({ mac, maker, addresses }) =>
              (addresses.length > 0 ? addresses : [undefined]).map((address, index) => (
                <tr key={`${mac ?? ''} ${address?.ip ?? ''} ${address?.since ?? ''}`}>
                  <td className="mono">
                    {index === 0 ? (mac ?? <Unknown say="behind a router" />) : ''}
                  </td>
                  <td>{index === 0 ? (maker ?? <Unknown />) : ''}</td>
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
