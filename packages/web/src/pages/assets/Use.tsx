import { Stack } from '@mantine/core'
import { type AssetDetail, type Use as UseAnswer, getUse, listControls } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { Mark } from '../../ui/Marks.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { sayBytes, sayExact } from '../../ui/words.ts'

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

type Cell = UseAnswer['cells'][number]

/** When a device is used, and what protects it. */
export function Use({ asset }: { readonly asset: AssetDetail }) {
  const use = useCall(getUse, { params: { id: asset.id } })
  return (
    <Stack gap="md">
      <Panel title="Use by hour of the week">
        <Answer query={use} lines={7}>
          {(data) =>
            data.cells.length === 0 ? (
              <Empty title="Nobody looked yet">
                No sensor has listened at this site, so nothing is known of its use.
              </Empty>
            ) : (
              <Heat data={data} />
            )
          }
        </Answer>
      </Panel>
      <Controls assetId={asset.id} />
    </Stack>
  )
}

function Heat({ data }: { readonly data: UseAnswer }) {
  const most = Math.max(1, ...data.cells.map(({ bytes }) => bytes))
  const unknown = data.cells.filter(({ looked }) => looked === 0).length
  return (
    <>
      <div className="scroll-x">
        <table className="heat" aria-label="Use by hour of the week">
          <thead>
            <tr>
              <td />
              {HOURS.map((hour) => (
                <th key={hour} scope="col">
                  {hour}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {DAYS.map((day, row) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                {data.cells.slice(row * 24, row * 24 + 24).map((cell) => (
                  <HeatCell key={cell.hour} cell={cell} most={most} day={day} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet">
        {data.from && data.until
          ? `From ${sayExact(data.from)} to ${sayExact(data.until)}, hours in ${data.timeZone}. `
          : ''}
        {unknown === 0
          ? 'Every hour of the week was looked at.'
          : `Hatched: in ${unknown} of 168 hours of the week no sensor looked. That is not known, not rest.`}
      </p>
    </>
  )
}

function HeatCell({
  cell,
  most,
  day,
}: {
  readonly cell: Cell
  readonly most: number
  readonly day: string
}) {
  const hour = cell.hour % 24
  const when = `${day} ${hour} to ${hour + 1}`
  if (cell.looked === 0) {
    return (
      <td className="heat-unknown" title={`${when}: not known, nobody looked`}>
        <span className="hidden">not known</span>
      </td>
    )
  }
  const says = cell.active === 0 ? 'silent' : `${sayBytes(cell.bytes)} an hour`
  // Bytes span decades: the logarithm keeps a quiet hour apart from a silent one.
  const share = cell.active === 0 ? 0 : 0.15 + 0.85 * (Math.log1p(cell.bytes) / Math.log1p(most))
  return (
    <td
      title={`${when}: ${says}; active in ${cell.active} of ${cell.looked}`}
      style={{
        background: `color-mix(in srgb, var(--mantine-color-ward-6) ${Math.round(share * 100)}%, var(--panel-soft))`,
      }}
    >
      <span className="hidden">{says}</span>
    </td>
  )
}

function Controls({ assetId }: { readonly assetId: string }) {
  const controls = useCall(listControls, { params: { id: assetId } })
  return (
    <Panel title="What protects it" isFlush>
      <Answer query={controls} lines={5}>
        {({ items }) => (
          <table className="rows" aria-label="What protects it">
            <thead>
              <tr>
                <th scope="col">Control</th>
                <th scope="col">Seen to work?</th>
                <th scope="col">Because</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ code, title, state, because }) => (
                <tr key={code}>
                  <td>{title}</td>
                  <td>
                    {state === 'works' ? <Mark tone="good">Works</Mark> : null}
                    {state === 'missing' ? <Mark tone="strong">Missing</Mark> : null}
                    {state === 'unknown' ? <Mark tone="unknown">Not known</Mark> : null}
                  </td>
                  <td>{because}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
    </Panel>
  )
}
