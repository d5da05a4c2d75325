import { microsOf } from './text.ts'

/** What a syslog line carries, whoever wrote it. */
export interface SyslogLine {
  /** Microseconds since 1970. */
  readonly time: number
  /** Program that speaks, `dhcpd`; empty where the line does not say. */
  readonly program: string
  readonly message: string
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const DAY = 86_400_000
const PRIORITY = /^<\d{1,3}>/
/** RFC 5424 §6: version, time, host, program, process, message id, structured data, message. */
const MODERN =
  /^1 (\S{10,35}) \S{1,255} (\S{1,48}) \S{1,128} \S{1,32} (-|\[.*?[^\\]\](?=\s|$)) ?(.*)$/
/** RFC 3164 §4.1, as daemons write it: time without a year, host (not in dnsmasq's own file), program with its process. */
const OLD =
  /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d) (?:[^\s:]{1,255} )?([^\s[:]{1,64})(?:\[\d+\])?: (.*)$/
/** The same with a whole time, as rsyslog and journalctl can write it. */
const ISO = /^(\d{4}-\d\d-\d\dT\S{8,24}) \S{1,255} ([^\s[:]{1,64})(?:\[\d+\])?: (.*)$/

/** Reads a line of RFC 5424 or RFC 3164, or a log file's; `around` (milliseconds) tells the year where it is missing. */
export function readSyslog(line: string, around: number): SyslogLine | undefined {
  const text = line.replace(PRIORITY, '')
  const modern = MODERN.exec(text)
  if (modern !== null)
    return lineOf(microsOf(modern[1]), modern[2]!, modern[4]!.replace(/^\ufeff/, ''))
  const iso = ISO.exec(text)
  if (iso !== null) return lineOf(microsOf(iso[1]), iso[2]!, iso[3]!)
  const old = OLD.exec(text)
  if (old === null) return undefined
  return lineOf(guessYear(old[1]!, old[2]!, old[3]!, around), old[4]!, old[5]!)
}

function lineOf(
  time: number | undefined,
  program: string,
  message: string,
): SyslogLine | undefined {
  if (time === undefined) return undefined
  return { time, program: program === '-' ? '' : program, message }
}

/** The latest year in which the line was not written after `around`. */
function guessYear(month: string, day: string, clock: string, around: number): number | undefined {
  const place = MONTHS.indexOf(month)
  if (place < 0 || place % 3 !== 0) return undefined
  const [hours, minutes, seconds] = clock.split(':').map(Number)
  const at = (year: number) =>
    new Date(year, place / 3, Number(day), hours, minutes, seconds).getTime()
  const year = new Date(around).getFullYear()
  const time = at(year) <= around + DAY ? at(year) : at(year - 1)
  return Number.isNaN(time) ? undefined : time * 1000
}
