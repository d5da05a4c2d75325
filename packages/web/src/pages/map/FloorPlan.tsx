import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type Marker, PLAN_IMAGE_PATH, type getFloor, markAsset } from '@wardkeeper/contract'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import type { CallOutput } from '../../api/call.ts'
import { useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { DeviceLink } from '../../ui/Links.tsx'
import { Failed } from '../../ui/Panel.tsx'
import { sayMany } from '../../ui/words.ts'
import { Legend } from './Legend.tsx'
import { legendOf, lookOf, type Paint } from './paint.ts'

type Floor = CallOutput<typeof getFloor>
type Plan = NonNullable<Floor['plan']>
interface Spot {
  readonly x: number
  readonly y: number
}

const STEP = 0.01
const FAR_STEP = 0.05
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** The plan of a floor with its devices; marks move by dragging and by the arrow keys. */
export function FloorPlan({
  floor,
  plan,
  paint,
}: {
  readonly floor: Floor
  readonly plan: Plan
  readonly paint: Paint
}) {
  const canMark = useCan('assets:propose')
  const mark = useChange(markAsset)
  const marked = floor.items.filter(({ x, y }) => x !== undefined && y !== undefined)
  const unmarked = floor.items.filter(({ x }) => x === undefined)
  const put = (assetId: string, position: Spot | undefined) =>
    mark.mutate({
      params: { id: plan.id, assetId },
      body: position === undefined ? {} : { position },
    })
  return (
    <>
      {mark.error ? <Failed error={mark.error} /> : null}
      <div className="plan" style={{ aspectRatio: `${plan.width} / ${plan.height}` }}>
        <img src={PLAN_IMAGE_PATH.replace(':id', plan.id)} alt={`Plan of ${floor.place.name}`} />
        {marked.map((device) => (
          <Pin
            key={`${device.id} ${device.x} ${device.y}`}
            device={device}
            paint={paint}
            canMove={canMark}
            onMove={(spot) => put(device.id, spot)}
          />
        ))}
      </div>
      <Legend items={legendOf(floor.items, paint)} />
      {canMark ? (
        <p className="quiet">
          Drag a mark, or move it by the arrow keys (with Shift further); Enter opens the device.
        </p>
      ) : null}
      {unmarked.length === 0 ? null : (
        <>
          <h3>{sayMany(unmarked.length, 'device')} without a mark</h3>
          <ul className="plain-list">
            {unmarked.slice(0, 50).map((device) => (
              <li key={device.id}>
                <DeviceLink device={device} isRow />{' '}
                <span className="quiet">{device.room ?? ''}</span>{' '}
                {canMark ? (
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Mark ${device.label} on the plan`}
                    onClick={() => put(device.id, { x: 0.5, y: 0.5 })}
                  >
                    Mark
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

/** One device on the plan. While it is dragged only the screen knows; letting go tells the server. */
function Pin({
  device,
  paint,
  canMove,
  onMove,
}: {
  readonly device: Marker
  readonly paint: Paint
  readonly canMove: boolean
  readonly onMove: (spot: Spot) => void
}) {
  const [spot, setSpot] = useState<Spot>({ x: device.x ?? 0.5, y: device.y ?? 0.5 })
  const dragged = useRef(false)
  // The click that ends a drag must not open the device.
  const swallow = useRef(false)
  const look = lookOf(device, paint)
  const follow = (event: PointerEvent<HTMLElement>) => {
    if (!canMove || !event.currentTarget.hasPointerCapture(event.pointerId)) return
    const box = event.currentTarget.parentElement?.getBoundingClientRect()
    if (!box) return
    dragged.current = true
    setSpot({
      x: inside((event.clientX - box.left) / box.width),
      y: inside((event.clientY - box.top) / box.height),
    })
  }
  const step = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key]
    if (arrow === undefined || !canMove) return
    event.preventDefault()
    const size = event.shiftKey ? FAR_STEP : STEP
    const next = { x: inside(spot.x + arrow[0] * size), y: inside(spot.y + arrow[1] * size) }
    setSpot(next)
    dragged.current = true
  }
  const settle = () => {
    if (!dragged.current) return
    dragged.current = false
    onMove(spot)
  }
  return (
    <Link
      to="/assets/$id"
      params={{ id: device.id }}
      className="pin"
      data-row=""
      draggable={false}
      style={{ left: `${spot.x * 100}%`, top: `${spot.y * 100}%`, background: look.colour }}
      title={`${device.label}: ${look.words}`}
      aria-label={`${device.label}, ${look.words}`}
      onPointerDown={(event) => {
        swallow.current = false
        if (canMove) event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={follow}
      onPointerUp={() => {
        swallow.current = dragged.current
        settle()
      }}
      onClick={(event) => {
        if (swallow.current) event.preventDefault()
        swallow.current = false
      }}
      onKeyDown={step}
      onKeyUp={(event) => {
        if (event.key in ARROWS) settle()
      }}
    />
  )
}

function inside(share: number): number {
  return Math.min(1, Math.max(0, share))
}
