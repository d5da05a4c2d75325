import { say } from '../../ui/words.ts'

const NAMES: Readonly<Record<string, string>> = {
  id: 'Key in its own system',
  tag: 'Asset tag',
  serial: 'Serial number',
  udi: 'UDI (barcode)',
  di: 'UDI device identifier',
  mac: 'MAC address',
  ip: 'IP address',
  os: 'Operating system',
  pmFrequency: 'Maintenance interval',
  lastPm: 'Last maintenance',
  nextPm: 'Next maintenance',
  connected: 'On the network?',
  patientData: 'Stores patient data?',
  cost: 'Purchase cost',
  macs: 'MAC address',
  ips: 'IP address',
}

/** A field of a record as people name it: `warrantyUntil` to "Warranty until". */
export function sayFieldName(name: string): string {
  return NAMES[name] ?? say(name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase())
}

const KINDS: Readonly<Record<string, string>> = {
  ambiguous: 'Which device is it?',
  clone: 'One serial number twice',
  duplicate: 'Recorded twice',
  ghost: 'Recorded, never seen',
  moved: 'Moved',
  proposal: 'Proposed',
  'seen-twice': 'One device, seen as two',
  stranger: 'Seen, not recorded',
  vanished: 'Gone from the records',
  'wrong-model': 'Another model',
  'wrong-version': 'Another version',
}

export function sayKind(kind: string): string {
  return KINDS[kind] ?? say(kind)
}

/** Each answer with what it does, for the confirmation. */
export const DECISION_WORDS: Readonly<Record<string, readonly [label: string, says: string]>> = {
  link: ['It is that device', 'The record is tied to the device that is chosen or suggested.'],
  create: ['It is a new device', 'A device of its own is made of it.'],
  merge: [
    'They are one device',
    'What is known of the later one goes to the earlier one. It can be undone.',
  ],
  'take-declared': ['The record is right', 'What the record says is accepted, whatever is seen.'],
  'take-observed': ['The network is right', 'What the device itself says is accepted.'],
  retire: ['It is retired', 'The device is marked as retired. It stays in the inventory.'],
  missing: ['It is missing', 'The device is marked as missing until it is seen.'],
  'not-connected': ['It is never connected', 'It will not be missed on the network any more.'],
  dismiss: ['Leave it as it is', 'Nothing is changed, and the question is not asked again.'],
}
