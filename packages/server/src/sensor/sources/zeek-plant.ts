import { modbusFunction } from './facts/modbus.ts'
import type { Ends } from './facts/names.ts'
import type { SourceFact } from './source.ts'
import { factOf, hostOf, ipOf } from './text.ts'
import type { ZeekRow } from './zeek-row.ts'

/** modbus.log and icsnpp's modbus_detailed.log. */
export function modbus(row: ZeekRow, { client, server }: Ends): SourceFact[] {
  const named = row.text('func')?.replace(/_EXCEPTION$/, '')
  const name = modbusFunction(named)
  const why = row.text('exception')?.toLowerCase().replaceAll('_', ' ')
  const isAnswer = /RESP/.test(row.text('pdu_type') ?? row.text('request_response') ?? '')
  return [
    ...factOf(isAnswer ? {} : client, 'modbus.function', name),
    ...factOf(server, 'modbus.unit', row.text('unit') ?? row.text('unit_id')),
    ...factOf(
      server,
      'modbus.exception',
      why === undefined || name === undefined ? undefined : `${name}: ${why}`,
    ),
  ]
}

const MODBUS_OBJECTS: readonly string[] = [
  'modbus.vendor',
  'modbus.product-code',
  'modbus.revision',
  'modbus.vendor-url',
  'modbus.product-name',
  'modbus.model',
  'modbus.application-name',
]

/** icsnpp's modbus_read_device_identification.log: the objects of function 43/14. */
export function modbusIdentification(row: ZeekRow, { server }: Ends): SourceFact[] {
  const field = MODBUS_OBJECTS[Number(row.text('object_id_code') ?? Number.NaN)]
  return field === undefined ? [] : factOf(server, field, row.text('object_value'))
}

/** The speaker of a line of icsnpp's BACnet logs. */
function speakerOf(row: ZeekRow, { client, server }: Ends): SourceFact['subject'] {
  const told = ipOf(row.text('source_h'))
  if (told !== undefined) return hostOf(told) === undefined ? {} : { ip: told }
  return row.isTrue('is_orig') ? client : server
}

/** bacnet.log: who asks for what. */
export function bacnetService(row: ZeekRow, ends: Ends): SourceFact[] {
  if (row.text('pdu_type')?.endsWith('_REQUEST') !== true) return []
  const service = row.text('pdu_service')?.toLowerCase().replaceAll('_', '-')
  const name = service?.replace(/^(?:un)?confirmed-/, '')
  return factOf(speakerOf(row, ends), 'bacnet.service', name)
}

/** bacnet_discovery.log: I-Am and I-Have. */
export function bacnetDiscovery(row: ZeekRow, ends: Ends): SourceFact[] {
  const service = row.text('pdu_service')
  const speaker = speakerOf(row, ends)
  const number = row.text('instance_number')
  if (service === 'i-am' && row.text('object_type') === 'device') {
    const vendor = row.text('vendor')
    const isNamed = vendor !== undefined && !/^unknown/i.test(vendor)
    return [
      ...factOf(speaker, 'bacnet.device-instance', number),
      ...factOf(speaker, 'bacnet.vendor-name', isNamed ? vendor : undefined),
    ]
  }
  if (service !== 'i-have' || row.text('device_id_type') !== 'device') return []
  const isOwn = row.text('object_type') === 'device'
  return [
    ...factOf(speaker, 'bacnet.device-instance', row.text('device_id_number')),
    ...factOf(speaker, 'bacnet.object-name', isOwn ? row.text('object_name') : undefined),
  ]
}

const BACNET_PROPERTIES: readonly string[] = [
  'application-software-version',
  'description',
  'firmware-revision',
  'location',
  'model-name',
  'object-name',
  'serial-number',
  'vendor-name',
]

/** bacnet_property.log: answered properties of the device object. */
export function bacnetProperty(row: ZeekRow, ends: Ends): SourceFact[] {
  const property = row.text('property') ?? ''
  const isAnswer = row.text('pdu_service')?.endsWith('ack') === true
  if (!isAnswer || row.text('object_type') !== 'device') return []
  if (!BACNET_PROPERTIES.includes(property)) return []
  return factOf(speakerOf(row, ends), `bacnet.${property}`, row.text('value'))
}

/** icsnpp's cip_identity.log: the identity object of an EtherNet/IP device. */
export function cipIdentity(row: ZeekRow, { server }: Ends): SourceFact[] {
  const own = ipOf(row.text('socket_address'))
  const device = own !== undefined && hostOf(own) !== undefined ? { ip: own } : server
  const serial = row.text('serial_number')?.replace(/^0x/i, '').toLowerCase().padStart(8, '0')
  return [
    ...factOf(device, 'enip.product-name', row.text('product_name')),
    ...factOf(device, 'enip.revision', row.text('revision')),
    ...factOf(device, 'enip.serial', serial),
  ]
}
