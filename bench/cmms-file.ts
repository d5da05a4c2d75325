/** A table of a maintenance system with the dirt that such tables have; the same for the same number of rows. */
export interface CmmsFile {
  readonly bytes: Buffer
  readonly rows: number
  /** MACs and addresses of devices that are also on the network. */
  readonly seen: readonly { readonly mac: string; readonly ip: string }[]
}

const MAKERS = [
  ['Philips Medical Systems', 'PHILIPS', 'Phillips '],
  ['GE Healthcare', 'GE Medical Systems', 'G.E. HEALTHCARE'],
  ['Becton, Dickinson and Company', 'BD', 'Carefusion'],
  ['B. Braun Melsungen AG', 'BBraun', 'B Braun Medical Inc.'],
  ['Dräger', 'Draeger Medical', 'DRÄGERWERK AG'],
] as const
const MODELS = [
  'MX450',
  'MX800',
  'B40i',
  'Alaris 8015',
  'Infusomat Space',
  'Evita V500',
  'Perseus A500',
] as const
const KINDS = [
  'MONITOR, PATIENT',
  'PUMP, INFUSION',
  'VENTILATOR, INTENSIVE CARE',
  'DEFIBRILLATOR',
  'Anesthesia machine',
] as const
const UNITS = ['ICU', 'Emergency', 'Ward 4B', 'Säuglingsstation', 'OR'] as const
const HEADERS = [
  'Control Number',
  'Serial No',
  'Mfr',
  'Model',
  'Equipment Description',
  'Dept',
  'Location',
  'MAC Address',
  'IP Address',
  'Software Version',
  'Warranty Expiration',
  'Last PM',
  'Purchase Cost',
  'Status',
  'Patient Name',
]

/** Every so many rows has this fault. */
const FAULTS = {
  spaces: 3,
  swapped: 97,
  duplicate: 53,
  conflict: 211,
  empty: 499,
  keyless: 307,
  broken: 401,
  formula: 607,
} as const

export function makeCmmsFile(rows: number): CmmsFile {
  const lines = [HEADERS.join(';')]
  const seen: { mac: string; ip: string }[] = []
  let before: readonly string[] = []
  for (let n = 1; n <= rows; n++) {
    const cells = rowOf(n, seen)
    lines.push(line(fault(n, cells, before)))
    before = cells
  }
  // Latin-1, as exports of older systems are.
  return { bytes: Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1'), rows, seen }
}

function rowOf(n: number, seen: { mac: string; ip: string }[]): readonly string[] {
  const maker = MAKERS[n % MAKERS.length] ?? MAKERS[0]
  const isOnline = n % 4 === 0
  const mac = `00:09:fb:${hex(n >> 16)}:${hex(n >> 8)}:${hex(n)}`
  const ip = `10.${20 + (n >> 16)}.${(n >> 8) & 255}.${1 + (n % 253)}`
  if (isOnline && n % 16 === 0) seen.push({ mac, ip })
  return [
    `BM-${String(100_000 + n)}`,
    `${['US', 'DE', 'SN'][n % 3]}${String(n * 7919).padStart(9, '0')}`,
    maker[n % 3] ?? '',
    MODELS[n % MODELS.length] ?? '',
    KINDS[n % KINDS.length] ?? '',
    UNITS[n % UNITS.length] ?? '',
    `Room ${n % 600}`,
    isOnline ? macForm(mac, n) : '',
    isOnline ? ip : '',
    n % 5 === 0 ? `${1 + (n % 4)}.${n % 10}` : '',
    dateForm(n, 46_000 + (n % 1500)),
    dateForm(n, 45_000 + (n % 900)),
    `$${(n % 90) + 1},${String((n * 37) % 1000).padStart(3, '0')}.00`,
    n % 41 === 0 ? 'Retired' : n % 29 === 0 ? 'In repair' : 'In service',
    `Patient ${n}`,
  ]
}

function fault(n: number, cells: readonly string[], before: readonly string[]): readonly string[] {
  if (n % FAULTS.empty === 0) return cells.map(() => '')
  if (n % FAULTS.duplicate === 0 && before.length > 0) return before
  if (n % FAULTS.conflict === 0 && before.length > 0) return [before[0] ?? '', ...cells.slice(1)]
  if (n % FAULTS.keyless === 0) return ['', '', ...cells.slice(2, 7), '', '', ...cells.slice(9)]
  if (n % FAULTS.swapped === 0) return [cells[1] ?? '', cells[0] ?? '', ...cells.slice(2)]
  if (n % FAULTS.broken === 0) return [cells[0] ?? '', '1.23E+12', ...cells.slice(2)]
  if (n % FAULTS.formula === 0)
    return [...cells.slice(0, 3), '=VLOOKUP(A2,B:C,2)', ...cells.slice(4)]
  return n % FAULTS.spaces === 0 ? cells.map((cell) => `\u00a0${cell}  `) : cells
}

/** Three ways in which one file has dates. */
function dateForm(n: number, day: number): string {
  if (n % 3 === 0) return String(day)
  const date = new Date(Date.UTC(1899, 11, 30) + day * 86_400_000)
  const [year, month, of] = date.toISOString().slice(0, 10).split('-')
  return n % 3 === 1 ? `${month}/${of}/${year}` : `${year}-${month}-${of}`
}

function macForm(mac: string, n: number): string {
  if (n % 3 === 0) return mac.toUpperCase().replaceAll(':', '-')
  return n % 3 === 1 ? mac.replaceAll(':', '') : mac
}

function hex(value: number): string {
  return (value & 255).toString(16).padStart(2, '0')
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell) => (/[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(';')
}
