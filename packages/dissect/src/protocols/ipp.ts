import { Cursor } from '../cursor.ts'
import type { Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'

/** Operations by number (RFC 8011 §5.4.15, IANA's registry, CUPS). */
const OPERATIONS: Readonly<Record<number, string>> = {
  0x02: 'print-job',
  0x03: 'print-uri',
  0x04: 'validate-job',
  0x05: 'create-job',
  0x06: 'send-document',
  0x07: 'send-uri',
  0x08: 'cancel-job',
  0x09: 'get-job-attributes',
  0x0a: 'get-jobs',
  0x0b: 'get-printer-attributes',
  0x0c: 'hold-job',
  0x0d: 'release-job',
  0x0e: 'restart-job',
  0x10: 'pause-printer',
  0x11: 'resume-printer',
  0x12: 'purge-jobs',
  0x13: 'set-printer-attributes',
  0x14: 'set-job-attributes',
  0x15: 'get-printer-supported-values',
  0x16: 'create-printer-subscriptions',
  0x17: 'create-job-subscriptions',
  0x18: 'get-subscription-attributes',
  0x19: 'get-subscriptions',
  0x1a: 'renew-subscription',
  0x1b: 'cancel-subscription',
  0x1c: 'get-notifications',
  0x22: 'enable-printer',
  0x23: 'disable-printer',
  0x38: 'cancel-jobs',
  0x39: 'cancel-my-jobs',
  0x3b: 'close-job',
  0x3c: 'identify-printer',
  0x4001: 'cups-get-default',
  0x4002: 'cups-get-printers',
  0x4003: 'cups-add-modify-printer',
  0x4004: 'cups-delete-printer',
  0x4005: 'cups-get-classes',
}
const STATES: Readonly<Record<number, string>> = { 3: 'idle', 4: 'processing', 5: 'stopped' }

/** Bytes that tell the operation: all that is read of a request. */
export const IPP_HEADER = 8

/** Tags of delimiters and values (RFC 8010 §3.5). */
const END = 0x03
const PRINTER = 0x04
const LAST_DELIMITER = 0x0f
const ENUM = 0x23
const COLLECTION = 0x34
const WITH_LANGUAGE = [0x35, 0x36]
const COLLECTION_END = 0x37
const TEXTS = [0x41, 0x42, 0x44, 0x45]

/** Attributes of a printer that are the device's own, by the field that they become. */
const TEXT_FIELDS = table<string>({
  'printer-make-and-model': 'ipp.make-and-model',
  'printer-uuid': 'ipp.uuid',
  'printer-firmware-name': 'ipp.firmware-name',
  'printer-firmware-string-version': 'ipp.firmware-version',
})
/** Attributes that only a print server has, of a queue that leads to a printer elsewhere. */
const OF_A_QUEUE = ['device-uri', 'printer-is-shared', 'printer-type']

/** Keys of an IEEE 1284 device id: long and short, as printers write them. */
const DEVICE_ID: readonly (readonly [RegExp, string])[] = [
  [/(?:^|;)\s*(?:MFG|MANUFACTURER):([^;]{1,256})/i, 'ipp.device-manufacturer'],
  [/(?:^|;)\s*(?:MDL|MODEL):([^;]{1,256})/i, 'ipp.device-model'],
  [/(?:^|;)\s*(?:SN|SERN|SERIALNUMBER):([^;]{1,256})/i, 'ipp.device-serial'],
]
const MOST_ATTRIBUTES = 8192
const MOST_PRINTERS = 32
/** Values of one attribute that are told: a printer has several kinds of firmware. */
const MOST_VALUES = 4

/** Values of one group of printer attributes, by field. */
interface Printer {
  readonly values: Map<string, string[]>
  isQueue: boolean
}

/**
 * Facts of an IPP message (RFC 8010): what a client asks for, and which device answers. `isQueue`: asked was a queue of a
 * print server, whose printer is another device. Jobs, their names, users and documents are passed over, and so are
 * the names, places and descriptions that people give to a printer.
 */
export function* ippFacts(body: Uint8Array, from: Side, isQueue: boolean): Generator<Fact> {
  const message = new Cursor(body)
  const major = message.u8()
  const code = message.skip(1).u16()
  message.skip(4)
  if (!message.ok || (major !== 1 && major !== 2)) return
  if (from === 'client') {
    const name = OPERATIONS[code] ?? `0x${code.toString(16).padStart(4, '0')}`
    yield { subject: from, field: 'ipp.operation', value: name }
    return
  }
  const printers = printersOf(message)
  const isServer = isQueue || printers.length > 1 || printers.some((printer) => printer.isQueue)
  for (const { values } of printers) yield* isServer ? queueFacts(values) : printerFacts(values)
}

function printersOf(message: Cursor): Printer[] {
  const printers: Printer[] = []
  let printer: Printer | undefined
  let name = ''
  let depth = 0
  for (let left = MOST_ATTRIBUTES; left > 0 && message.remaining > 0; left--) {
    const tag = message.u8()
    if (tag === END) break
    if (tag <= LAST_DELIMITER) {
      if (printers.length >= MOST_PRINTERS) break
      printer = tag === PRINTER ? { values: new Map(), isQueue: false } : undefined
      if (printer !== undefined) printers.push(printer)
      name = ''
      depth = 0
      continue
    }
    const nameLength = message.u16()
    // Without a name it is a further value of the attribute before, or part of a collection.
    if (nameLength > 0) name = message.text(nameLength)
    const value = message.take(message.u16())
    if (!message.ok) break
    if (tag === COLLECTION) depth++
    else if (tag === COLLECTION_END) depth--
    else if (depth === 0 && printer !== undefined) addValue(printer, name, tag, value)
  }
  return printers
}

function addValue(printer: Printer, name: string, tag: number, value: Cursor): void {
  if (OF_A_QUEUE.includes(name)) printer.isQueue = true
  if (name === 'printer-state') {
    const state = tag === ENUM ? STATES[value.u32()] : undefined
    if (state !== undefined) addTo(printer, 'ipp.state', state)
    return
  }
  const field = TEXT_FIELDS[name]
  if (field === undefined && name !== 'printer-device-id') return
  // Text with a language has that before it (RFC 8010 §3.9).
  if (WITH_LANGUAGE.includes(tag)) value.skip(value.u16()).skip(2)
  else if (!TEXTS.includes(tag)) return
  const text = value.utf8(value.remaining)
  if (field !== undefined) return addTo(printer, field, text)
  for (const [pattern, part] of DEVICE_ID) {
    const found = pattern.exec(text)?.[1]
    if (found !== undefined) addTo(printer, part, found)
  }
}

function addTo({ values }: Printer, field: string, value: string): void {
  const known = values.get(field)
  if (known === undefined) values.set(field, [value])
  else if (known.length < MOST_VALUES) known.push(value)
}

function* printerFacts(values: Printer['values']): Generator<Fact> {
  for (const [field, texts] of values) {
    for (const text of texts) yield* factOf('server', field, text)
  }
}

function* queueFacts(values: Printer['values']): Generator<Fact> {
  yield* factOf('server', 'ipp.queue-make-and-model', values.get('ipp.make-and-model')?.[0])
}
