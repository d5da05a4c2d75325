/** How the cells of a column are read. */
export const FIELD_KINDS = ['text', 'code', 'date', 'mac', 'ip', 'flag', 'money'] as const
type FieldKind = (typeof FIELD_KINDS)[number]

/** What an import can say of a device, and how each is read. `id` is the key of the row in its own system. */
export const IMPORT_FIELDS = {
  id: 'code',
  tag: 'code',
  serial: 'code',
  udi: 'code',
  di: 'code',
  lot: 'code',
  catalogue: 'code',
  manufacturer: 'text',
  model: 'text',
  description: 'text',
  type: 'text',
  firmware: 'text',
  os: 'text',
  mac: 'mac',
  ip: 'ip',
  hostname: 'text',
  building: 'text',
  floor: 'text',
  room: 'text',
  unit: 'text',
  owner: 'text',
  status: 'text',
  connected: 'flag',
  warrantyUntil: 'date',
  contract: 'text',
  provider: 'text',
  acquired: 'date',
  installed: 'date',
  endOfSupport: 'date',
  cost: 'money',
  replacementCost: 'money',
  pmFrequency: 'text',
  lastPm: 'date',
  nextPm: 'date',
  strategy: 'text',
  riskLevel: 'text',
  patientData: 'flag',
} as const satisfies Readonly<Record<string, FieldKind>>

export type ImportField = keyof typeof IMPORT_FIELDS
export const IMPORT_FIELD_NAMES = Object.keys(IMPORT_FIELDS) as readonly ImportField[]

/** What one source says of one device, every value in one spelling. Several MACs and addresses are lists. */
export type DeclaredDevice = Readonly<
  Partial<Record<Exclude<ImportField, 'mac' | 'ip'>, string>>
> & {
  readonly macs?: readonly string[]
  readonly ips?: readonly string[]
  /** Clinical family, from the type. */
  readonly category?: string
}

/** How an export of a system is laid out: data in `content/import-templates`. */
export interface ImportTemplate {
  readonly id: string
  readonly name: string
  /** `cmms` and `cmdb` know what is owned, `network` what another product saw, `monitoring` what is outside the walls. */
  readonly kind: 'cmms' | 'cmdb' | 'network' | 'monitoring'
  /** Whether the usual export holds every device of the system. */
  readonly isFull: boolean
  /** Headers by field, the best first; compared without case, accents and punctuation. */
  readonly columns: Readonly<Partial<Record<ImportField, readonly string[]>>>
  readonly notes?: string | undefined
}
