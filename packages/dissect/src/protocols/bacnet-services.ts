/** Confirmed services by number (ASHRAE 135 §21). */
export const CONFIRMED: readonly (string | undefined)[] = [
  'acknowledge-alarm',
  'cov-notification',
  'event-notification',
  'get-alarm-summary',
  'get-enrollment-summary',
  'subscribe-cov',
  'atomic-read-file',
  'atomic-write-file',
  'add-list-element',
  'remove-list-element',
  'create-object',
  'delete-object',
  'read-property',
  'read-property-conditional',
  'read-property-multiple',
  'write-property',
  'write-property-multiple',
  'device-communication-control',
  'private-transfer',
  'text-message',
  'reinitialize-device',
  'vt-open',
  'vt-close',
  'vt-data',
  'authenticate',
  'request-key',
  'read-range',
  'life-safety-operation',
  'subscribe-cov-property',
  'get-event-information',
  'subscribe-cov-property-multiple',
  'cov-notification-multiple',
]

/** Unconfirmed services by number (ASHRAE 135 §21). */
export const UNCONFIRMED: readonly (string | undefined)[] = [
  'i-am',
  'i-have',
  'cov-notification',
  'event-notification',
  'private-transfer',
  'text-message',
  'time-synchronization',
  'who-has',
  'who-is',
  'utc-time-synchronization',
  'write-group',
  'cov-notification-multiple',
  'audit-notification',
  'who-am-i',
  'you-are',
]

/** Functions of the virtual link layer that change who hears what (ASHRAE 135 annex J.2). */
export const LINK_SERVICES: Readonly<Record<number, string>> = {
  1: 'write-broadcast-table',
  2: 'read-broadcast-table',
  5: 'register-foreign-device',
  6: 'read-foreign-devices',
  8: 'delete-foreign-device',
}

/** Properties of a device object that say what it is (ASHRAE 135 §12.11). */
export const DEVICE_PROPERTIES: Readonly<Record<number, string>> = {
  12: 'bacnet.application-software-version',
  28: 'bacnet.description',
  44: 'bacnet.firmware-revision',
  58: 'bacnet.location',
  70: 'bacnet.model-name',
  77: 'bacnet.object-name',
  120: 'bacnet.vendor-id',
  121: 'bacnet.vendor-name',
  372: 'bacnet.serial-number',
}
