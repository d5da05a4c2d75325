import type { Advisory, Device, Ground, Severity, SupportDate } from '../vocabulary.ts'
import { indexAdvisories } from './advisory-index.ts'
import type { MakerNames } from './maker.ts'
import { match } from './match.ts'

/** A device, or the operating system on it, whose maker supports it no longer. */
export interface Unsupported {
  readonly subject: string
  readonly severity: Severity
  readonly verdict: 'affected' | 'possibly-affected'
  readonly reason: string
  readonly ground: Ground
  readonly missing?: 'firmware'
}

export interface SupportIndex {
  /** What is unsupported on a day (ISO date). */
  findUnsupported(device: Device, day: string): readonly Unsupported[]
}

export function indexSupport(dates: readonly SupportDate[], makers?: MakerNames): SupportIndex {
  const byId = new Map(dates.map((one) => [one.id, one]))
  const index = indexAdvisories(dates.map(asAdvisory), makers)
  const osMakers = [
    ...new Set(dates.filter(({ kind }) => kind === 'os').map((one) => one.manufacturer)),
  ]
  return {
    findUnsupported(device, day) {
      const own = match(device, index).filter(
        ({ advisoryId }) => byId.get(advisoryId)?.kind === 'device',
      )
      const { os } = device
      const systems =
        os === undefined ? [] : osMakers.map((manufacturer) => systemOf(manufacturer, os))
      const ofSystem = systems
        .flatMap((system) => match(system, index))
        .filter(({ advisoryId }) => byId.get(advisoryId)?.kind === 'os')
      return [...own, ...ofSystem].flatMap(({ advisoryId, verdict, because, matcher }) => {
        const date = byId.get(advisoryId)
        if (date === undefined || (verdict !== 'affected' && verdict !== 'possibly-affected'))
          return []
        if (endOf(date) >= day) return []
        return unsupported(date, verdict, { ...because, matcher }, day)
      })
    },
  }
}

/** `Windows 7 6.1.7601` names the system and its build. */
function systemOf(manufacturer: string, os: string): Device {
  const build = /\s(\d+\.\d+(?:\.\d+)+)\s*$/.exec(os)?.[1]
  const model = build === undefined ? os : os.slice(0, -build.length).trim()
  return { manufacturer, model, ...(build !== undefined && { version: build }) }
}

/** Who pays for longer support is not known, so that the ordinary end counts only where there is no other. */
function endOf({ endOfSupport, endOfExtendedSupport }: SupportDate): string {
  return endOfExtendedSupport ?? endOfSupport
}

const YEAR = 365 * 86_400_000

function unsupported(
  date: SupportDate,
  verdict: Unsupported['verdict'],
  because: {
    readonly matcher: string
    readonly pid: string
    readonly product: string
    readonly version: string | undefined
  },
  day: string,
): Unsupported {
  const end = endOf(date)
  const isLong = Date.parse(day) - Date.parse(end) > YEAR
  const what = date.kind === 'os' ? `The operating system ${date.model}` : date.model
  const reason = `${what} is not supported by ${date.manufacturer} since ${end}: nothing found in it is repaired.`
  const { version } = because
  return {
    subject: `support:${date.id}`,
    severity: isLong ? 'high' : 'medium',
    verdict,
    reason,
    ...(verdict === 'possibly-affected' && { missing: 'firmware' as const }),
    ground: {
      matcher: because.matcher,
      pid: date.id,
      vendor: date.manufacturer,
      product: date.model,
      range: date.range,
      ...(version !== undefined && { version }),
      cves: [],
      verdict,
      reason: `Source: ${date.source}`,
    },
  }
}

function asAdvisory({
  id,
  source,
  manufacturer,
  model,
  range,
  endOfSupport,
}: SupportDate): Advisory {
  const product = { pid: id, vendor: manufacturer, product: model, range, cves: [] }
  const dates = { published: endOfSupport, updated: endOfSupport }
  return {
    id,
    kind: 'csaf',
    source,
    revision: '1',
    ...dates,
    products: [product],
    vulnerabilities: [],
    remedies: [],
    link: '',
  }
}
