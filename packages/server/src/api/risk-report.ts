import type { RiskBands } from '@wardkeeper/contract'
import type { RankedAction } from '@wardkeeper/core'
import { renderPdf, type PdfBlock } from '../pdf/document.ts'
import type { Distribution } from '../store/risk-reads.ts'

export interface RiskReport {
  readonly counts: Distribution
  readonly units: readonly Rollup[]
  readonly models: readonly Rollup[]
  readonly actions: readonly RankedAction[]
  readonly methodId: string
  readonly time: number
}

interface Rollup {
  readonly key: string
  readonly total: number
  readonly risky: number
  readonly bands: RiskBands
}

/** What a meeting needs: how many, where, and what to do first. */
export async function riskReport(report: RiskReport): Promise<Buffer> {
  const { bands, total, waiting, uncertain } = report.counts
  return await renderPdf({
    title: 'Risk of connected devices',
    subtitle: `Method ${report.methodId}`,
    time: report.time,
    blocks: [
      { kind: 'heading', text: 'How devices spread' },
      {
        kind: 'table',
        head: ['Very high', 'High', 'Moderate', 'Low', 'Very low', 'Not scored yet', 'All'],
        rows: [
          [
            bands['very-high'],
            bands.high,
            bands.moderate,
            bands.low,
            bands['very-low'],
            waiting,
            total,
          ].map(String),
        ],
        widths: [1, 1, 1, 1, 1, 1, 1],
      },
      {
        kind: 'text',
        text: `What is not known of them could move ${uncertain} of ${total} devices into another band. Nothing that is not known counts as safe.`,
      },
      { kind: 'heading', text: 'What lowers risk most for each hour of a technician' },
      actionTable(report.actions),
      { kind: 'heading', text: 'By unit' },
      rollupTable('Unit', report.units),
      { kind: 'heading', text: 'By model' },
      rollupTable('Model', report.models),
    ],
  })
}

function actionTable(actions: readonly RankedAction[]): PdfBlock {
  if (actions.length === 0)
    return { kind: 'text', text: 'Nothing that is known would lower a score.' }
  return {
    kind: 'table',
    head: ['What to do', 'Devices', 'Points less', 'No longer risky', 'Hours', 'Points an hour'],
    rows: actions.map((action) => [
      `${action.kind}: ${action.subject}`,
      String(action.assetIds.length),
      action.reduction.toFixed(1),
      String(action.noLongerRisky),
      action.hours.toFixed(1),
      action.perHour.toFixed(2),
    ]),
    widths: [4, 1, 1.2, 1.4, 1, 1.4],
  }
}

function rollupTable(first: string, items: readonly Rollup[]): PdfBlock {
  if (items.length === 0) return { kind: 'text', text: 'No device is scored yet.' }
  return {
    kind: 'table',
    head: [first, 'Devices', 'High and very high', 'Share'],
    rows: items.map(({ key, total, risky }) => [
      key === '' ? 'not known' : key,
      String(total),
      String(risky),
      `${Math.round((100 * risky) / total)} %`,
    ]),
    widths: [4, 1, 1.6, 1],
  }
}
