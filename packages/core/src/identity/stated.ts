import type { Attribute, ObservedFact } from '../vocabulary.ts'
import type { Confidence } from './weights.ts'

/** A field that states an attribute outright. */
interface StatedField {
  readonly attribute: Attribute
  readonly confidence: Confidence
}

/** Fields whose value is the attribute, in the device's own words. */
export const STATED_FIELDS: Readonly<Record<string, StatedField>> = {
  'addp.firmware': { attribute: 'firmware', confidence: 'strong' },
  'addp.model': { attribute: 'model', confidence: 'strong' },
  'ads.twincat-version': { attribute: 'firmware', confidence: 'strong' },
  'astm.sender-name': { attribute: 'model', confidence: 'likely' },
  'astm.sender-version': { attribute: 'firmware', confidence: 'likely' },
  'bacnet.firmware-revision': { attribute: 'firmware', confidence: 'certain' },
  'bacnet.model-name': { attribute: 'model', confidence: 'certain' },
  'bacnet.serial-number': { attribute: 'serial', confidence: 'certain' },
  'bacnet.vendor-name': { attribute: 'manufacturer', confidence: 'certain' },
  'dhcp.serial': { attribute: 'serial', confidence: 'strong' },
  'dicom.device-serial': { attribute: 'serial', confidence: 'strong' },
  'dicom.manufacturer': { attribute: 'manufacturer', confidence: 'strong' },
  'dicom.model': { attribute: 'model', confidence: 'strong' },
  'dicom.software-versions': { attribute: 'firmware', confidence: 'strong' },
  'dnp3.model': { attribute: 'model', confidence: 'strong' },
  'dnp3.serial': { attribute: 'serial', confidence: 'strong' },
  'dnp3.software-version': { attribute: 'firmware', confidence: 'strong' },
  'dnp3.vendor': { attribute: 'manufacturer', confidence: 'strong' },
  'dpws.firmware': { attribute: 'firmware', confidence: 'strong' },
  'dpws.manufacturer': { attribute: 'manufacturer', confidence: 'strong' },
  'dpws.model': { attribute: 'model', confidence: 'strong' },
  'dpws.serial': { attribute: 'serial', confidence: 'strong' },
  'enip.product-name': { attribute: 'model', confidence: 'strong' },
  'enip.revision': { attribute: 'firmware', confidence: 'strong' },
  'enip.serial': { attribute: 'serial', confidence: 'strong' },
  'fhir.device-manufacturer': { attribute: 'manufacturer', confidence: 'strong' },
  'fhir.device-model': { attribute: 'model', confidence: 'strong' },
  'fhir.device-serial': { attribute: 'serial', confidence: 'strong' },
  'fhir.device-version': { attribute: 'firmware', confidence: 'likely' },
  'fins.model': { attribute: 'model', confidence: 'certain' },
  'fins.version': { attribute: 'firmware', confidence: 'strong' },
  'hl7.equipment-firmware': { attribute: 'firmware', confidence: 'likely' },
  'hl7.equipment-manufacturer': { attribute: 'manufacturer', confidence: 'strong' },
  'hl7.equipment-model': { attribute: 'model', confidence: 'strong' },
  'hl7.equipment-serial': { attribute: 'serial', confidence: 'strong' },
  'hl7.equipment-software': { attribute: 'firmware', confidence: 'strong' },
  'http.device-firmware': { attribute: 'firmware', confidence: 'strong' },
  'http.device-manufacturer': { attribute: 'manufacturer', confidence: 'strong' },
  'http.device-model': { attribute: 'model', confidence: 'strong' },
  'http.device-serial': { attribute: 'serial', confidence: 'strong' },
  'http.device-version': { attribute: 'firmware', confidence: 'likely' },
  'http.upnp-manufacturer': { attribute: 'manufacturer', confidence: 'strong' },
  'http.upnp-model-name': { attribute: 'model', confidence: 'strong' },
  'http.upnp-serial-number': { attribute: 'serial', confidence: 'strong' },
  'intellivue.manufacturer': { attribute: 'manufacturer', confidence: 'certain' },
  'intellivue.model': { attribute: 'model', confidence: 'certain' },
  'intellivue.serial': { attribute: 'serial', confidence: 'certain' },
  'intellivue.software': { attribute: 'firmware', confidence: 'strong' },
  'ipp.device-manufacturer': { attribute: 'manufacturer', confidence: 'strong' },
  'ipp.device-model': { attribute: 'model', confidence: 'strong' },
  'ipp.device-serial': { attribute: 'serial', confidence: 'strong' },
  'ipp.firmware-version': { attribute: 'firmware', confidence: 'likely' },
  'knxip.serial': { attribute: 'serial', confidence: 'strong' },
  'lldp.firmware': { attribute: 'firmware', confidence: 'likely' },
  'lldp.manufacturer': { attribute: 'manufacturer', confidence: 'certain' },
  'lldp.model': { attribute: 'model', confidence: 'certain' },
  'lldp.serial': { attribute: 'serial', confidence: 'certain' },
  'lldp.software': { attribute: 'firmware', confidence: 'strong' },
  'mdns.txt.manufacturer': { attribute: 'manufacturer', confidence: 'strong' },
  'mdns.txt.mfg': { attribute: 'manufacturer', confidence: 'likely' },
  'mdns.txt.serialnumber': { attribute: 'serial', confidence: 'strong' },
  'mdns.txt.ty': { attribute: 'model', confidence: 'likely' },
  'mdns.txt.usb-mdl': { attribute: 'model', confidence: 'likely' },
  'mdns.txt.usb-mfg': { attribute: 'manufacturer', confidence: 'strong' },
  'medibus.device': { attribute: 'model', confidence: 'strong' },
  'medibus.revision': { attribute: 'firmware', confidence: 'likely' },
  'melsec.model': { attribute: 'model', confidence: 'certain' },
  'mms.model': { attribute: 'model', confidence: 'strong' },
  'mms.revision': { attribute: 'firmware', confidence: 'likely' },
  'mms.vendor': { attribute: 'manufacturer', confidence: 'strong' },
  'modbus.model': { attribute: 'model', confidence: 'strong' },
  'modbus.product-code': { attribute: 'model', confidence: 'likely' },
  'modbus.product-name': { attribute: 'model', confidence: 'strong' },
  'modbus.revision': { attribute: 'firmware', confidence: 'strong' },
  'modbus.umas-cpu': { attribute: 'model', confidence: 'strong' },
  'modbus.vendor': { attribute: 'manufacturer', confidence: 'strong' },
  'moxa.serial': { attribute: 'serial', confidence: 'strong' },
  'onvif.firmware': { attribute: 'firmware', confidence: 'strong' },
  'onvif.manufacturer': { attribute: 'manufacturer', confidence: 'strong' },
  'onvif.model': { attribute: 'model', confidence: 'strong' },
  'onvif.serial': { attribute: 'serial', confidence: 'strong' },
  'opc-ua.manufacturer': { attribute: 'manufacturer', confidence: 'likely' },
  'opc-ua.software-version': { attribute: 'firmware', confidence: 'hint' },
  'phd.firmware': { attribute: 'firmware', confidence: 'strong' },
  'phd.manufacturer': { attribute: 'manufacturer', confidence: 'certain' },
  'phd.model': { attribute: 'model', confidence: 'certain' },
  'phd.serial': { attribute: 'serial', confidence: 'certain' },
  'phd.software': { attribute: 'firmware', confidence: 'likely' },
  'pjl.model': { attribute: 'model', confidence: 'likely' },
  'poct1a.manufacturer': { attribute: 'manufacturer', confidence: 'certain' },
  'poct1a.model': { attribute: 'model', confidence: 'certain' },
  'poct1a.serial': { attribute: 'serial', confidence: 'certain' },
  'poct1a.software': { attribute: 'firmware', confidence: 'certain' },
  'poct1a.vendor': { attribute: 'manufacturer', confidence: 'likely' },
  'profinet.serial': { attribute: 'serial', confidence: 'strong' },
  'profinet.software-revision': { attribute: 'firmware', confidence: 'strong' },
  'profinet.station-type': { attribute: 'model', confidence: 'likely' },
  's7comm-plus.firmware-version': { attribute: 'firmware', confidence: 'strong' },
  's7comm.firmware-version': { attribute: 'firmware', confidence: 'strong' },
  's7comm.module-type': { attribute: 'model', confidence: 'strong' },
  's7comm.serial': { attribute: 'serial', confidence: 'certain' },
  'sdc.firmware': { attribute: 'firmware', confidence: 'certain' },
  'sdc.manufacturer': { attribute: 'manufacturer', confidence: 'certain' },
  'sdc.model': { attribute: 'model', confidence: 'certain' },
  'sdc.serial': { attribute: 'serial', confidence: 'certain' },
  'slp.firmware': { attribute: 'firmware', confidence: 'strong' },
  'slp.model': { attribute: 'model', confidence: 'strong' },
  'snmp.ent-firmware': { attribute: 'firmware', confidence: 'strong' },
  'snmp.ent-mfg-name': { attribute: 'manufacturer', confidence: 'strong' },
  'snmp.ent-model': { attribute: 'model', confidence: 'strong' },
  'snmp.ent-serial': { attribute: 'serial', confidence: 'certain' },
  'snmp.ent-software': { attribute: 'firmware', confidence: 'likely' },
  'snmp.printer-name': { attribute: 'model', confidence: 'likely' },
  'snmp.serial': { attribute: 'serial', confidence: 'certain' },
  'snmp.ups-firmware': { attribute: 'firmware', confidence: 'likely' },
  'snmp.ups-manufacturer': { attribute: 'manufacturer', confidence: 'strong' },
  'snmp.ups-model': { attribute: 'model', confidence: 'strong' },
  'ws-discovery.onvif-hardware': { attribute: 'model', confidence: 'strong' },
  'ws-discovery.onvif-manufacturer': { attribute: 'manufacturer', confidence: 'strong' },
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
