import { Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type Place, addPlan, getFloor, listPlaces } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { DeviceLink } from '../../ui/Links.tsx'
import { SeverityMark, StateMark } from '../../ui/Marks.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { UploadButton } from '../../ui/UploadButton.tsx'
import { say, sayCount, sayMany } from '../../ui/words.ts'
import { FloorPlan } from './FloorPlan.tsx'
import type { Paint } from './paint.ts'
import { AddPlaceButton, ChangePlaceButtons } from './PlaceActions.tsx'
import { branchesOf, openBranches } from './tree.ts'

/** The tree of places on the left, the chosen one with its plan and devices on the right. */
export function PlacesView({
  chosen,
  paint,
  onChoose,
}: {
  readonly chosen: string | undefined
  readonly paint: Paint
  readonly onChoose: (id: string | undefined) => void
}) {
  const places = useCall(listPlaces, {})
  const canEdit = useCan('assets:decide')
  return (
    <Answer query={places} lines={12}>
      {({ items }) => {
        const place = items.find(({ id }) => id === chosen)
        return items.length === 0 ? (
          <Panel>
            <Empty
              title="No place is written down"
              action={canEdit ? <AddPlaceButton parent={undefined} /> : undefined}
            >
              Import the buildings, floors, units and rooms from a CSV file, or add them by hand.
              Then devices can be put where they stand.
            </Empty>
          </Panel>
        ) : (
          <div className="with-tree">
            <Panel title="Places" isFlush>
              <Tree places={items} chosen={chosen} />
            </Panel>
            {place === undefined ? (
              <Panel>
                <Empty title="Choose a place">Its plan and its devices are shown here.</Empty>
              </Panel>
            ) : (
              <ChosenPlace
                place={place}
                places={items}
                paint={paint}
                onEnded={() => onChoose(place.parentId)}
              />
            )}
          </div>
        )
      }}
    </Answer>
  )
}

function Tree({
  places,
  chosen,
}: {
  readonly places: readonly Place[]
  readonly chosen: string | undefined
}) {
  const rows = openBranches(branchesOf(places), chosen)
  return (
    <ul className="tree">
      {rows.slice(0, 400).map(({ place, depth, devices }) => (
        <li key={place.id} style={{ paddingLeft: 10 + depth * 16 }}>
          <Link
            to="."
            search={(before) => ({ ...before, place: place.id })}
            aria-current={place.id === chosen ? 'true' : undefined}
            data-row=""
          >
            {place.name}
          </Link>{' '}
          <span className="quiet">
            {say(place.kind).toLowerCase()}
            {devices > 0 ? `, ${sayCount(devices)}` : ''}
          </span>
        </li>
      ))}
    </ul>
  )
}

function ChosenPlace({
  place,
  places,
  paint,
  onEnded,
}: {
  readonly place: Place
  readonly places: readonly Place[]
  readonly paint: Paint
  readonly onEnded: () => void
}) {
  const floor = useCall(getFloor, { params: { id: place.id } })
  const canEdit = useCan('assets:decide')
  return (
    <Panel title={`${say(place.kind)} ${place.name}`} aside={place.serviceLine}>
      {canEdit ? (
        <Group gap={8} mb="sm">
          <AddPlaceButton parent={place} />
          <ChangePlaceButtons place={place} places={places} onEnded={onEnded} />
          <UploadButton
            route={addPlan}
            input={{ params: { id: place.id } }}
            label={place.planId === undefined ? 'Add a plan' : 'Replace the plan'}
            accept="image/png,image/jpeg"
          />
        </Group>
      ) : null}
      <Answer query={floor} lines={10}>
        {(data) =>
          data.plan === undefined ? (
            <>
              <p className="quiet">
                There is no plan of this place; {sayMany(data.items.length, 'device')} in it.
              </p>
              <DeviceTable items={data.items} />
            </>
          ) : (
            <>
              <FloorPlan floor={data} plan={data.plan} paint={paint} />
              <DeviceTable items={data.items} />
            </>
          )
        }
      </Answer>
    </Panel>
  )
}

function DeviceTable({ items }: Pick<(typeof getFloor.response)['_output'], 'items'>) {
  if (items.length === 0) return null
  return (
    <table className="rows" aria-label="Devices here">
      <thead>
        <tr>
          <th scope="col">Device</th>
          <th scope="col">Room</th>
          <th scope="col">State</th>
          <th scope="col">Worst finding</th>
        </tr>
      </thead>
      <tbody>
        {items.slice(0, 50).map((device) => (
          <tr key={device.id}>
            <td>
              <DeviceLink device={device} isRow />
            </td>
            <td>{device.room ?? <span className="unknown-text">not known</span>}</td>
            <td>
              <StateMark state={device.state} />
            </td>
            <td>
              {device.severity === undefined ? (
                <span className="quiet">none open</span>
              ) : (
                <SeverityMark severity={device.severity} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
