import type { Attribute, ObservedFact } from '../vocabulary.ts'
import { WEIGHTS } from './fingerprint.ts'

/** A field that states an attribute outright. */
interface StatedField {
  readonly attribute: Attribute
  readonly weight: number
}

const { certain, strong, likely } = WEIGHTS

/** Fields whose value is the attribute, in the device's own words. */
export const STATED_FIELDS: Readonly<Record<string, StatedField>> = {
  'addp.firmware': { attribute: 'firmware', weight: strong },
  'addp.model': { attribute: 'model', weight: strong },
  'astm.sender-name': { attribute: 'model', weight: likely },
  'astm.sender-version': { attribute: 'firmware', weight: likely },
  'bacnet.firmware-revision': { attribute: 'firmware', weight: certain },
  'bacnet.model-name': { attribute: 'model', weight: certain },
  'bacnet.serial-number': { attribute: 'serial', weight: certain },
  'bacnet.vendor-name': { attribute: 'manufacturer', weight: certain },
  'dhcp.serial': { attribute: 'serial', weight: strong },
  'dicom.device-serial': { attribute: 'serial', weight: strong },
  'dicom.manufacturer': { attribute: 'manufacturer', weight: strong },
  'dicom.model': { attribute: 'model', weight: strong },
  'dicom.software-versions': { attribute: 'firmware', weight: strong },
  'dpws.firmware': { attribute: 'firmware', weight: strong },
  'dpws.manufacturer': { attribute: 'manufacturer', weight: strong },
  'dpws.model': { attribute: 'model', weight: strong },
  'dpws.serial': { attribute: 'serial', weight: strong },
  'fhir.device-manufacturer': { attribute: 'manufacturer', weight: strong },
  'fhir.device-model': { attribute: 'model', weight: strong },
  'fhir.device-serial': { attribute: 'serial', weight: strong },
  'fhir.device-version': { attribute: 'firmware', weight: likely },
  'hl7.equipment-firmware': { attribute: 'firmware', weight: likely },
  'hl7.equipment-manufacturer': { attribute: 'manufacturer', weight: strong },
  'hl7.equipment-model': { attribute: 'model', weight: strong },
  'hl7.equipment-serial': { attribute: 'serial', weight: strong },
  'hl7.equipment-software': { attribute: 'firmware', weight: strong },
  'http.device-firmware': { attribute: 'firmware', weight: strong },
  'http.device-manufacturer': { attribute: 'manufacturer', weight: strong },
  'http.device-model': { attribute: 'model', weight: strong },
  'http.device-serial': { attribute: 'serial', weight: strong },
  'http.device-version': { attribute: 'firmware', weight: likely },
  'http.upnp-manufacturer': { attribute: 'manufacturer', weight: strong },
  'http.upnp-model-name': { attribute: 'model', weight: strong },
  'http.upnp-serial-number': { attribute: 'serial', weight: strong },
  'intellivue.manufacturer': { attribute: 'manufacturer', weight: certain },
  'intellivue.model': { attribute: 'model', weight: certain },
  'intellivue.serial': { attribute: 'serial', weight: certain },
  'intellivue.software': { attribute: 'firmware', weight: strong },
  'lldp.firmware': { attribute: 'firmware', weight: likely },
  'lldp.manufacturer': { attribute: 'manufacturer', weight: certain },
  'lldp.model': { attribute: 'model', weight: certain },
  'lldp.serial': { attribute: 'serial', weight: certain },
  'lldp.software': { attribute: 'firmware', weight: strong },
  'mdns.txt.manufacturer': { attribute: 'manufacturer', weight: strong },
  'mdns.txt.mfg': { attribute: 'manufacturer', weight: likely },
  'mdns.txt.serialnumber': { attribute: 'serial', weight: strong },
  'mdns.txt.ty': { attribute: 'model', weight: likely },
  'mdns.txt.usb-mdl': { attribute: 'model', weight: likely },
  'mdns.txt.usb-mfg': { attribute: 'manufacturer', weight: strong },
  'medibus.device': { attribute: 'model', weight: strong },
  'medibus.revision': { attribute: 'firmware', weight: likely },
  'moxa.serial': { attribute: 'serial', weight: strong },
  'phd.firmware': { attribute: 'firmware', weight: strong },
  'phd.manufacturer': { attribute: 'manufacturer', weight: certain },
  'phd.model': { attribute: 'model', weight: certain },
  'phd.serial': { attribute: 'serial', weight: certain },
  'phd.software': { attribute: 'firmware', weight: likely },
  'poct1a.manufacturer': { attribute: 'manufacturer', weight: certain },
  'poct1a.model': { attribute: 'model', weight: certain },
  'poct1a.serial': { attribute: 'serial', weight: certain },
  'poct1a.software': { attribute: 'firmware', weight: certain },
  'poct1a.vendor': { attribute: 'manufacturer', weight: likely },
  'sdc.firmware': { attribute: 'firmware', weight: certain },
  'sdc.manufacturer': { attribute: 'manufacturer', weight: certain },
  'sdc.model': { attribute: 'model', weight: certain },
  'sdc.serial': { attribute: 'serial', weight: certain },
  'snmp.ent-firmware': { attribute: 'firmware', weight: strong },
  'snmp.ent-mfg-name': { attribute: 'manufacturer', weight: strong },
  'snmp.ent-model': { attribute: 'model', weight: strong },
  'snmp.ent-serial': { attribute: 'serial', weight: certain },
  'snmp.ent-software': { attribute: 'firmware', weight: likely },
  'snmp.printer-name': { attribute: 'model', weight: likely },
  'snmp.serial': { attribute: 'serial', weight: certain },
  'snmp.ups-firmware': { attribute: 'firmware', weight: likely },
  'snmp.ups-manufacturer': { attribute: 'manufacturer', weight: strong },
  'snmp.ups-model': { attribute: 'model', weight: strong },
}

/**
 * Fields about whoever made the data, which an archive or a gateway passes on. They are believed only as long as one
 * asset gives one value of the field.
 */
export function isPassedOn(field: string): boolean {
  return /^(?:dicom\.(?:device-serial|manufacturer|model|software-versions|station-name)|fhir\.device-.+|hl7\.equipment(?:-.+)?)$/.test(
    field,
  )
}

/** Does the fact name, by an EUI-64, other equipment than its subject, as gateways do for what is behind them? */
export function isOfAnother({ field, value, subject }: ObservedFact): boolean {
  if (field !== 'hl7.equipment') return false
  const found = /(?:^|\^)([0-9a-f]{6})fff[ef]([0-9a-f]{6})(?:\^|$)/i.exec(value)
  if (!found) return false
  const mac = `${found[1]}${found[2]}`.toLowerCase().replace(/(..)(?!$)/g, '$1:')
  return mac !== subject.mac
}

/** Fields that hold a name of the device, by the source under which people see it. */
export const NAME_FIELDS: Readonly<Record<string, string>> = {
  'bacnet.object-name': 'bacnet',
  'cdp.device-id': 'cdp',
  'cdp.system-name': 'cdp',
  'dhcp.fqdn': 'dhcp',
  'dhcp.hostname': 'dhcp',
  'dicom.ae-title': 'ae-title',
  'dicom.station-name': 'dicom',
  'dns.name': 'dns',
  'http.device-name': 'http',
  'lldp.system-name': 'lldp',
  'llmnr.name': 'llmnr',
  'mdns.hostname': 'mdns',
  'nbns.name': 'nbns',
  'ntlm.dns-computer': 'smb',
  'ntlm.netbios-computer': 'smb',
  'ntlm.workstation': 'smb',
  'rdp.client-name': 'rdp',
  'snmp.sys-name': 'snmp',
}

const EMPTY =
  /^(?:|0+|[-_.?*]+|none|null|nil|unknown|unspecified|undefined|default|n\/?a|not (?:set|available|specified)|to be filled.*|system (?:manufacturer|product name)|localhost.*)$/i

/** Does the value say nothing, as fields do that nobody filled in? */
export function isEmptyValue(value: string): boolean {
  return EMPTY.test(value.trim())
}
