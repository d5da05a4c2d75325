/** Patterns over any text in which a device names its product. */
export const PRODUCT_FILE = 'product.name'
/** Patterns for what stands beside the product's name. */
export const DETAIL_FILES = ['product.serial', 'product.version']

/** Files of fingerprints that several fields share, with the fields. */
const SHARED_FILES: Readonly<Record<string, readonly string[]>> = {
  'host.name': [
    'cdp.device-id',
    'cdp.system-name',
    'dhcp.fqdn',
    'dhcp.hostname',
    'dicom.station-name',
    'dns.name',
    'lldp.system-name',
    'llmnr.name',
    'mdns.hostname',
    'nbns.name',
    'ntlm.dns-computer',
    'ntlm.netbios-computer',
    'ntlm.workstation',
    'rdp.client-name',
    'snmp.sys-name',
  ],
  'system.description': [
    'cdp.software',
    'lldp.software',
    'lldp.system-description',
    'snmp.ent-descr',
    'snmp.sys-descr',
  ],
  'cloud.name': ['dns.query', 'http.contacts', 'tls.contacts'],
  'siemens.order-number': [
    'profinet.order-number',
    's7comm-plus.order-number',
    's7comm.order-number',
  ],
  'sip.software': ['sip.server', 'sip.user-agent'],
}

const PRODUCT_FIELDS = new Set([
  'astm.sender',
  'astm.sender-name',
  'bacnet.description',
  'bacnet.model-name',
  'bacnet.object-name',
  'cdp.platform',
  'cdp.software',
  'dhcp.product-class',
  'dhcp.vendor-class',
  'dicom.model',
  'dnp3.model',
  'dpws.model',
  'enip.product-name',
  'fhir.device-model',
  'fox.brand-id',
  'ftp.banner',
  'hl7.application',
  'hl7.equipment',
  'hl7.equipment-model',
  'http.device-model',
  'http.device-name',
  'http.device-product',
  'http.realm',
  'http.server',
  'http.title',
  'http.upnp-model-name',
  'intellivue.model',
  'ipp.device-model',
  'ipp.make-and-model',
  'knxip.friendly-name',
  'lldp.model',
  'lldp.system-description',
  'mdns.instance',
  'mdns.txt.md',
  'mdns.txt.mdl',
  'mdns.txt.model',
  'mdns.txt.modelname',
  'mdns.txt.product',
  'mdns.txt.ty',
  'mdns.txt.usb-mdl',
  'medibus.device',
  'mms.model',
  'modbus.model',
  'modbus.product-code',
  'modbus.product-name',
  'modbus.server-id',
  'mqtt.client-id',
  'onvif.model',
  'opc-ua.product-name',
  'pjl.model',
  'poct1a.device-name',
  'poct1a.model',
  'profinet.station-type',
  'rtsp.realm',
  's7comm.module-type',
  'sdc.model',
  'sip.server',
  'sip.user-agent',
  'slp.model',
  'snmp.device-descr',
  'snmp.ent-descr',
  'snmp.ent-model',
  'snmp.ent-name',
  'snmp.printer-name',
  'snmp.sys-descr',
  'snmp.ups-model',
  'ssdp.server',
  'telnet.banner',
  'tls.certificate-subject-cn',
  'tls.certificate-subject-ou',
  'vnc.desktop-name',
  'ws-discovery.onvif-hardware',
  'ws-discovery.onvif-name',
])

const fileOfField = new Map(
  Object.entries(SHARED_FILES).flatMap(([file, fields]) => fields.map((field) => [field, file])),
)

/** The shared file that the field is also held against. */
export function sharedFileOf(field: string): string | undefined {
  return fileOfField.get(field)
}

/** May the field name a product? */
export function isProductField(field: string): boolean {
  return PRODUCT_FIELDS.has(field)
}

/** The value as a shared file reads it: of a host name without the domain. */
export function valueFor(file: string, value: string): string {
  return file === 'host.name' ? (value.split('.')[0] ?? value) : value
}
