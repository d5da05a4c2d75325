import type { Yardstick } from './inventory-yardstick.ts'

interface Latency {
  readonly p50: number
  readonly p99: number
}

/** Figures of one size. */
export interface Measured {
  readonly assets: number
  readonly observations: number
  readonly ingestPerSecond: number
  /** CPU time of one observation. */
  readonly nodeMicros: number
  readonly postgresMicros: number
  readonly bytes: number
  /** What the clock of the night made of the index of observations. */
  readonly packing: Packing | undefined
  readonly pages: Readonly<Record<string, Latency>>
  readonly tables: readonly { readonly name: string; readonly bytes: number }[]
  readonly yardsticks: readonly Yardstick[]
}

interface Packing {
  readonly before: number
  readonly after: number
  readonly seconds: number
}

export function packingOf({ before, after, seconds }: Packing): string {
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0)
  return `${megabytes(before)} > ${megabytes(after)} MB in ${seconds.toFixed(1)} s`
}

interface Line {
  readonly what: string
  readonly figure: string
  readonly target: string
  readonly isMet?: boolean
}

export function linesOf(measured: Measured): Line[] {
  const gigabytes = measured.bytes / 2 ** 30
  // 20 million observations in 4 GB; less of them must take as much less.
  const room = (4 * measured.observations) / 20_000_000
  return [
    {
      what: 'observations a second, resolved',
      figure: measured.ingestPerSecond.toLocaleString('en'),
      target: '>= 20,000',
      isMet: measured.ingestPerSecond >= 20_000,
    },
    {
      what: 'CPU of one observation',
      figure: `${measured.nodeMicros.toFixed(1)} µs Node + ${measured.postgresMicros.toFixed(1)} µs PostgreSQL`,
      target: '< 100 µs on two cores',
      isMet: measured.nodeMicros + measured.postgresMicros < 100,
    },
    ...Object.entries(measured.pages).map(([name, { p50, p99 }]): Line => {
      const most = name === 'asset page' ? 150 : 100
      return {
        what: `${name}: p50 / p99`,
        figure: `${p50.toFixed(1)} / ${p99.toFixed(1)} ms`,
        target: `p99 < ${most} ms`,
        isMet: p99 < most,
      }
    }),
    {
      what: 'database',
      figure: `${gigabytes.toFixed(2)} GB (${Math.round(measured.bytes / measured.observations)} bytes an observation)`,
      target: `< ${room.toFixed(2)} GB (of 2^30)`,
      isMet: gigabytes < room,
    },
    ...(measured.packing === undefined
      ? []
      : [
          {
            what: 'index of observations, rebuilt as by the clock of the night',
            figure: packingOf(measured.packing),
            target: '',
          },
        ]),
    ...measured.yardsticks.map(({ what, perSecond }) => ({
      what: `yardstick: ${what}`,
      figure: `${perSecond.toLocaleString('en')} rows/s`,
      target: '',
    })),
  ]
}

export function growthLines(small: Measured, large: Measured): Line[] {
  const worst = (measured: Measured) =>
    Math.max(...Object.values(measured.pages).map(({ p99 }) => p99))
  const times = large.assets / small.assets
  const rate = large.ingestPerSecond / small.ingestPerSecond
  return [
    {
      what: `ingest at ${times} times the assets`,
      figure: `${rate.toFixed(2)} of the rate`,
      target: '>= 0.80',
      isMet: rate >= 0.8,
    },
    {
      what: `worst p99 at ${times} times the assets`,
      figure: `${worst(small).toFixed(1)} > ${worst(large).toFixed(1)} ms`,
      target: '',
    },
    {
      what: `database at ${times} times the assets`,
      figure: `${(large.bytes / small.bytes).toFixed(1)} times`,
      target: `<= ${(times * 1.1).toFixed(1)}`,
      isMet: large.bytes / small.bytes <= times * 1.1,
    },
  ]
}

export function tableOf(title: string, lines: readonly Line[]): string {
  const verdict = ({ isMet }: Line) => (isMet === undefined ? '' : isMet ? 'met' : '**not met**')
  return [
    `### ${title}`,
    '',
    '| what | figure | target | verdict |',
    '|---|---:|---|---|',
    ...lines.map((line) => `| ${line.what} | ${line.figure} | ${line.target} | ${verdict(line)} |`),
    '',
  ].join('\n')
}

export function titleOf({ assets, observations }: Measured): string {
  return `${assets.toLocaleString('en')} assets, ${observations.toLocaleString('en')} observations`
}
