import type { Attribute } from '../vocabulary.ts'
import { WEIGHTS } from './fingerprint.ts'

/** A field that states an attribute outright. */
interface StatedField {
  readonly attribute: Attribute
  readonly weight: number
}

const { certain, strong, likely } = WEIGHTS

/** Fields whose value is the attribute, in the device's own words. */
export const STATED_FIELDS: Readonly<Record<string, StatedField>> = {
  'bacnet.vendor-name': { attribute: 'manufacturer', weight: certain },
  'bacnet.model-name': { attribute: 'model', weight: certain },
  'bacnet.firmware-revision': { attribute: 'firmware', weight: certain },
  'bacnet.serial-number': { attribute: 'serial', weight: certain },
  'cdp.platform': { attribute: 'model', weight: likely },
  'dicom.manufacturer': { attribute: 'manufacturer', weight: strong },
  'dicom.model': { attribute: 'model', weight: strong },
  'dicom.serial': { attribute: 'serial', weight: strong },
  'dicom.software-versions': { attribute: 'firmware', weight: strong },
  'http.manufacturer': { attribute: 'manufacturer', weight: strong },
  'http.model': { attribute: 'model', weight: strong },
  'http.serial': { attribute: 'serial', weight: strong },
  'http.firmware': { attribute: 'firmware', weight: strong },
  'lldp.manufacturer': { attribute: 'manufacturer', weight: certain },
  'lldp.model': { attribute: 'model', weight: certain },
  'lldp.serial': { attribute: 'serial', weight: certain },
  'lldp.firmware': { attribute: 'firmware', weight: certain },
  'snmp.ent-mfg-name': { attribute: 'manufacturer', weight: strong },
  'snmp.ent-model': { attribute: 'model', weight: strong },
  'snmp.ent-serial': { attribute: 'serial', weight: certain },
  'snmp.ent-firmware': { attribute: 'firmware', weight: strong },
  'upnp.manufacturer': { attribute: 'manufacturer', weight: strong },
  'upnp.model-name': { attribute: 'model', weight: strong },
  'upnp.serial-number': { attribute: 'serial', weight: strong },
}

/**
 * Fields that are about whoever made the data, which an archive or a gateway passes on. They are believed only as
 * long as one asset gives one value of the field.
 */
export function isPassedOn(field: string): boolean {
  return field.startsWith('dicom.') || field.startsWith('hl7.')
}

/** Fields that hold a name of the device, by the source under which people see it. */
export const NAME_FIELDS: Readonly<Record<string, string>> = {
  'bacnet.object-name': 'bacnet',
  'cdp.device-id': 'cdp',
  'dhcp.hostname': 'dhcp',
  'dhcp.fqdn': 'dhcp',
  'dicom.station-name': 'dicom',
  'lldp.system-name': 'lldp',
  'llmnr.name': 'llmnr',
  'mdns.hostname': 'mdns',
  'nbns.name': 'nbns',
  'ntlm.computer': 'smb',
  'smb.computer': 'smb',
  'snmp.sys-name': 'snmp',
  'upnp.friendly-name': 'upnp',
}

const EMPTY =
  /^(?:|0+|[-_.?*]+|none|null|nil|unknown|unspecified|undefined|default|n\/?a|not (?:set|available|specified)|to be filled.*|system (?:manufacturer|product name)|localhost.*)$/i

/** Does the value say nothing, as fields do that nobody filled in? */
export function isEmptyValue(value: string): boolean {
  return EMPTY.test(value.trim())
}
