import { Link } from '@tanstack/react-router'
import { Unknown } from './Claimed.tsx'

interface Device {
  readonly id: string
  readonly label: string
}

/** A device by its label; what tells it from its twins, in brackets at the end, stands back. */
export function DeviceName({ label }: { readonly label: string }) {
  const [, what, mark] = /^(.+) \(([^()]+)\)$/.exec(label) ?? []
  if (mark === undefined) return <>{label}</>
  return (
    <>
      {what} <span className="device-mark">{mark}</span>
    </>
  )
}

/** A device by its name; the link leads to everything known of it. */
export function DeviceLink({
  device,
  isRow = false,
}: {
  readonly device: Device | undefined
  /** True for the link that `j` and `k` walk over. */
  readonly isRow?: boolean
}) {
  if (!device) return <Unknown say="a device we do not know" />
  return (
    <Link to="/assets/$id" params={{ id: device.id }} {...(isRow ? { 'data-row': '' } : {})}>
      <DeviceName label={device.label} />
    </Link>
  )
}

/** "Pump 412, Pump 413 and 3 more". */
export function DeviceLinks({
  devices,
  most = 3,
}: {
  readonly devices: readonly Device[]
  readonly most?: number
}) {
  if (devices.length === 0) return <Unknown say="no device" />
  return (
    <>
      {devices.slice(0, most).map((device, index) => (
        <span key={device.id}>
          {index > 0 ? ', ' : ''}
          <DeviceLink device={device} />
        </span>
      ))}
      {devices.length > most ? (
        <span className="quiet"> and {devices.length - most} more</span>
      ) : null}
    </>
  )
}

/** "Room 412, Ward 4B", "Bed 1, ICU", or that nobody wrote down where it is. */
export function Where({
  unit,
  room,
}: {
  readonly unit?: string | undefined
  readonly room?: string | undefined
}) {
  if (unit === undefined && room === undefined) return <Unknown say="nobody wrote down where" />
  const place = room === undefined ? undefined : /^\d/.test(room) ? `Room ${room}` : capital(room)
  return <>{[place, unit].filter(Boolean).join(', ')}</>
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
