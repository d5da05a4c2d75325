import { Text } from '@mantine/core'
import { type PresenceEvent, assetPresence } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'

const WORDS: Readonly<Record<PresenceEvent['kind'], string>> = {
  joined: 'Joined',
  returned: 'Came back',
  left: 'Left',
  moved: 'Moved to another network',
  'address-changed': 'Changed its address',
  'class-changed': 'Became another kind of device',
}

/** When the device came, went and moved, and why it is not called gone although nobody sees it. */
export function PresencePanel({ assetId }: { readonly assetId: string }) {
  const presence = useCall(assetPresence, { params: { id: assetId } })
  return (
    <Panel title="Presence" isFlush>
      <Answer query={presence}>
        {({ reason, events }) => (
          <>
            {reason === undefined ? null : <Text p="md">{reason}</Text>}
            {events.length === 0 ? (
              <Empty title="Nothing noticed">
                It has neither come nor gone since Wardkeeper writes this down.
              </Empty>
            ) : (
              <table className="rows" aria-label="Presence">
                <thead>
                  <tr>
                    <th scope="col">What</th>
                    <th scope="col">When</th>
                    <th scope="col">Details</th>
                  </tr>
                </thead>
                <tbody>
                  {events.map(({ id, kind, time, detail }) => (
                    <tr key={id}>
                      <td>{WORDS[kind]}</td>
                      <td>
                        <Time at={time} />
                      </td>
                      <td className="mono">{detail}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </>
        )}
      </Answer>
    </Panel>
  )
}
