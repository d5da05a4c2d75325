import { table } from '../table.ts'

/** Objects of which there is one (RFC 3418, RFC 1628, RFC 4188 and APC's own), by their whole identifier. */
export const SCALARS = table<string>({
  '1.3.6.1.2.1.1.1.0': 'snmp.sys-descr',
  '1.3.6.1.2.1.1.2.0': 'snmp.sys-object-id',
  '1.3.6.1.2.1.1.5.0': 'snmp.sys-name',
  '1.3.6.1.2.1.1.6.0': 'snmp.sys-location',
  '1.3.6.1.2.1.17.1.1.0': 'snmp.bridge-address',
  '1.3.6.1.2.1.33.1.1.1.0': 'snmp.ups-manufacturer',
  '1.3.6.1.2.1.33.1.1.2.0': 'snmp.ups-model',
  '1.3.6.1.2.1.33.1.1.3.0': 'snmp.ups-firmware',
  '1.3.6.1.2.1.33.1.1.4.0': 'snmp.ups-agent',
  '1.3.6.1.2.1.33.1.1.5.0': 'snmp.ups-name',
  '1.3.6.1.4.1.318.1.1.1.1.1.1.0': 'snmp.ups-model',
  '1.3.6.1.4.1.318.1.1.1.1.2.1.0': 'snmp.ups-firmware',
  '1.3.6.1.4.1.318.1.1.1.1.2.3.0': 'snmp.serial',
})

/** Columns of which the first row is about the device as a whole (RFC 2790, RFC 3805). */
export const FIRST_ROWS = table<string>({
  '1.3.6.1.2.1.25.3.2.1.3': 'snmp.device-descr',
  '1.3.6.1.2.1.43.5.1.1.16': 'snmp.printer-name',
  '1.3.6.1.2.1.43.5.1.1.17': 'snmp.serial',
})

/** Columns of the physical entities, of which the lowest number is the chassis (RFC 6933). */
export const ENTITY_COLUMNS = table<string>({
  '1.3.6.1.2.1.47.1.1.1.1.2': 'snmp.ent-descr',
  '1.3.6.1.2.1.47.1.1.1.1.7': 'snmp.ent-name',
  '1.3.6.1.2.1.47.1.1.1.1.8': 'snmp.ent-hardware',
  '1.3.6.1.2.1.47.1.1.1.1.9': 'snmp.ent-firmware',
  '1.3.6.1.2.1.47.1.1.1.1.10': 'snmp.ent-software',
  '1.3.6.1.2.1.47.1.1.1.1.11': 'snmp.ent-serial',
  '1.3.6.1.2.1.47.1.1.1.1.12': 'snmp.ent-mfg-name',
  '1.3.6.1.2.1.47.1.1.1.1.13': 'snmp.ent-model',
})

/** The MAC of each interface (RFC 2863). */
export const INTERFACE_ADDRESS = '1.3.6.1.2.1.2.2.1.6'
/** Which notification a version 2 trap is (RFC 3418). */
export const TRAP_OID = '1.3.6.1.6.3.1.1.4.1.0'
