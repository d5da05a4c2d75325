import { leaseFacts } from './facts/lease.ts'
import type { LineOutcome, LineReader, LogSource } from './source.ts'

const HEADER = /^ID,Date,Time,Description,IP Address,Host Name,MAC Address,/im
/** Events that bind an address to a device: given, renewed, given to BOOTP. */
const BOUND: readonly string[] = ['10', '11', '20', '21']
const MOST_COLUMNS = 32

/** Audit log of the DHCP server of Windows (`DhcpSrvLog-Mon.log`). The user's name in it is not read. */
export const windowsDhcp: LogSource = {
  name: 'dhcp',
  recognise: (head) => HEADER.test(head),
  open: () => new AuditReader(),
}

class AuditReader implements LineReader {
  #columns: readonly string[] = []

  line(text: string): LineOutcome {
    if (HEADER.test(text)) {
      this.#columns = text.split(',', MOST_COLUMNS).map((name) => name.trim().toLowerCase())
      return undefined
    }
    // Before the header stands an explanation of the events.
    if (this.#columns.length === 0 || text.trim() === '') return undefined
    const cells = text.split(',', MOST_COLUMNS)
    if (cells.length < 7) return { reason: 'it has too few columns' }
    const value = (name: string) => {
      const cell = cells[this.#columns.indexOf(name)]?.trim()
      return cell === '' ? undefined : cell
    }
    const time = timeOf(value('date'), value('time'))
    if (time === undefined) return { reason: 'its date or time cannot be read' }
    if (!BOUND.includes(value('id') ?? '')) return undefined
    const facts = leaseFacts({
      mac: value('mac address'),
      ip: value('ip address'),
      hostname: value('host name'),
      vendorClass: value('vendorclass(ascii)'),
    })
    return { time, facts }
  }
}

/** Month, day and year of two digits, in the time of the server, which is taken to be that of this machine. */
function timeOf(date: string | undefined, clock: string | undefined): number | undefined {
  const [, month, day, year] = /^(\d\d)\/(\d\d)\/(\d\d)$/.exec(date ?? '') ?? []
  const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d)$/.exec(clock ?? '') ?? []
  if (month === undefined || hours === undefined) return undefined
  const [at, monthNumber] = [2000 + Number(year), Number(month) - 1]
  if (monthNumber > 11) return undefined
  return (
    new Date(
      at,
      monthNumber,
      Number(day),
      Number(hours),
      Number(minutes),
      Number(seconds),
    ).getTime() * 1000
  )
}
