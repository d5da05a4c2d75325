import { Button, Stack } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { detection, listDetections } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { ChoiceFilter } from '../../table/Facet.tsx'
import { ListBar, ListSearchBox, NewRows, Pager } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { DetectionCard } from './DetectionCard.tsx'

const route = getRouteApi('/signed-in/detections')
type Search = ReturnType<typeof route.useSearch>
const STATES = detection.shape.state.options
const SEVERITIES = detection.shape.severity.options

const NO_FILTER = {
  q: undefined,
  state: undefined,
  severity: undefined,
  assetId: undefined,
} satisfies Search

export default function DetectionsPage() {
  const list = useList<Search>()
  const { search, change } = list
  const detections = useCall(listDetections, { query: { ...list.query, limit: list.pageSize } })
  const isFiltered = Object.keys(NO_FILTER).some((name) => search[name as keyof Search])
  return (
    <>
      <PageHeader title="Detections" says="Behaviour that differs from what was learned" />
      <Panel isFlush>
        <ListBar>
          <ListSearchBox
            label="Device, detector"
            value={search.q}
            onChange={(q) => change({ q })}
          />
          <ChoiceFilter
            label="State"
            words={STATES}
            chosen={search.state}
            onChange={(state) => change({ state })}
          />
          <ChoiceFilter
            label="Severity"
            words={SEVERITIES}
            chosen={search.severity}
            onChange={(severity) => change({ severity })}
          />
          {isFiltered ? (
            <Button variant="default" onClick={() => change(NO_FILTER)}>
              Clear all
            </Button>
          ) : null}
          <NewRows types={['detection.changed']} query={detections} one="detection" />
        </ListBar>
        <Answer query={detections}>
          {(data) =>
            data.items.length === 0 ? (
              <Empty title={isFiltered ? 'No detection matches' : 'Nothing unusual was seen'}>
                {isFiltered
                  ? 'Fewer filters show more.'
                  : 'A device is watched once its habits are learned, which takes some days of traffic. Until then only plain attacks show here.'}
              </Empty>
            ) : (
              <>
                <Stack gap={0}>
                  {data.items.map((one) => (
                    <DetectionCard key={one.id} detection={one} />
                  ))}
                </Stack>
                <Pager list={list} data={data} one="detection" />
              </>
            )
          }
        </Answer>
      </Panel>
    </>
  )
}
