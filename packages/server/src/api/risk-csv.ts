import { explainRisk, RISK_FACTORS, type RiskMethod } from '@wardkeeper/core'
import type { StoredRisk } from '../store/risk-reads.ts'

const COLUMNS = [
  'id',
  'device',
  'maker',
  'model',
  'type',
  'unit',
  'owner',
  'risk',
  'low',
  'high',
  'band',
] as const

/** Every device with its score and the value of each factor; `?` behind a value that is not known. */
export async function riskCsv(
  pages: AsyncIterable<readonly StoredRisk[]>,
  method: RiskMethod,
): Promise<string> {
  const lines = [[...COLUMNS, ...RISK_FACTORS].join(',')]
  for await (const rows of pages) {
    for (const row of rows) {
      const { factors } = explainRisk(row.inputs, method)
      const cells = [
        row.id,
        row.label,
        row.manufacturer,
        row.model,
        row.type,
        row.unit,
        row.owner,
        row.number,
        row.low,
        row.high,
        row.band,
        ...factors.map(({ value, isKnown }) => (isKnown ? value : `${value}?`)),
      ]
      lines.push(cells.map(cellOf).join(','))
    }
  }
  return `${lines.join('\r\n')}\r\n`
}

/** RFC 4180; a text that a spreadsheet would take for a formula is made plain. */
function cellOf(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
