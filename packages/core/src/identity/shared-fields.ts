/** Patterns over any host name, whichever protocol told it. */
export const HOST_FILE = 'host.name'
/** Patterns over any text in which a device names its product. */
export const PRODUCT_FILE = 'product.name'
/** Patterns for what stands beside the product's name. */
export const DETAIL_FILES = ['product.serial', 'product.version']

const HOST_FIELDS = new Set([
  'cdp.device-id',
  'cdp.system-name',
  'dhcp.fqdn',
  'dhcp.hostname',
  'dicom.station-name',
  'dns.name',
  'lldp.system-name',
  'llmnr.name',
  'mdns.hostname',
  'nbns.hostname',
  'smb.computer',
  'smb.server-name',
  'snmp.sys-name',
])

const TEXT_FIELDS = new Set([
  'bacnet.description',
  'bacnet.model-name',
  'bacnet.object-name',
  'cdp.platform',
  'cdp.software',
  'dhcp.product-class',
  'dhcp.vendor-class',
  'dicom.model',
  'ftp.banner',
  'hl7.application',
  'hl7.equipment',
  'hl7.equipment-model',
  'http.realm',
  'http.server',
  'http.title',
  'lldp.med-model',
  'lldp.system-description',
  'mdns.instance',
  'mdns.txt.md',
  'mdns.txt.mdl',
  'mdns.txt.model',
  'mdns.txt.product',
  'mdns.txt.ty',
  'mdns.txt.usb-mdl',
  'mqtt.client-id',
  'smb.server-comment',
  'snmp.ent-description',
  'snmp.ent-model',
  'snmp.sys-descr',
  'ssdp.server',
  'telnet.banner',
  'tls.certificate-subject-cn',
  'tls.certificate-subject-ou',
  'upnp.friendly-name',
  'upnp.model-description',
  'upnp.model-name',
])

export function isHostField(field: string): boolean {
  return HOST_FIELDS.has(field)
}

export function isTextField(field: string): boolean {
  return TEXT_FIELDS.has(field)
}

/** The host's own part of a name: without its domain. */
export function hostOf(name: string): string {
  return name.split('.')[0] ?? name
}
