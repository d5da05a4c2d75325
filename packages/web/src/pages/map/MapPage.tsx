import { Group, SegmentedControl } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCan } from '../../api/session.ts'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { ImportPlacesButton } from './ImportPlaces.tsx'
import { NetworkView } from './NetworkView.tsx'
import type { Paint } from './paint.ts'
import { PlacesView } from './PlacesView.tsx'

const route = getRouteApi('/signed-in/map')
type Search = ReturnType<typeof route.useSearch>

/** Where devices stand, and who talks to whom. */
export default function MapPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const canEdit = useCan('assets:decide')
  const { view = 'places', place, segment, days = 7, paint = 'risk' } = search
  const change = (patch: Partial<Search>) =>
    void navigate({ to: '/map', search: { ...search, ...patch }, replace: true })
  return (
    <>
      <PageHeader
        title="Map"
        says={
          view === 'places'
            ? 'Where devices stand: buildings, floors, units and rooms'
            : 'Who talks to whom, by network segment'
        }
        actions={canEdit && view === 'places' ? <ImportPlacesButton /> : null}
      />
      <Group gap="md" mb="md">
        <SegmentedControl
          aria-label="Which map"
          value={view}
          data={[
            { value: 'places', label: 'Places' },
            { value: 'network', label: 'Network' },
          ]}
          onChange={(next) => change({ view: next as Search['view'] })}
        />
        <SegmentedControl
          aria-label="Colour by"
          value={paint}
          data={[
            { value: 'risk', label: 'Open findings' },
            { value: 'type', label: 'Category' },
            { value: 'state', label: 'State' },
          ]}
          onChange={(next) => change({ paint: next as Paint })}
        />
      </Group>
      {view === 'places' ? (
        <PlacesView chosen={place} paint={paint} onChoose={(id) => change({ place: id })} />
      ) : (
        <NetworkView segment={segment} days={days} paint={paint} onChange={change} />
      )}
    </>
  )
}
