import { cell, field, type ZeekField } from './zeek-field.ts'

/** `Read Holding_Registers` as we would write it. */
const kebab = (text: string) => text.toLowerCase().replaceAll(/[ _]+/g, '-')
const among = (names: Readonly<Record<string, string>>) => (text: string) =>
  names[kebab(text)] ?? kebab(text)

/** Zeek's names of Modbus functions that we call otherwise. */
const MODBUS = {
  'write-single-coil': 'write-coil',
  'write-single-register': 'write-register',
  'write-multiple-coils': 'write-coils',
  'write-multiple-registers': 'write-registers',
  'read-write-multiple-registers': 'read-write-registers',
  'read-file-record': 'read-file',
  'write-file-record': 'write-file',
  'read-fifo-queue': 'read-fifo',
  'report-slave-id': 'report-server-id',
  'encap-interface-transport': 'read-device-identification',
}

/** Services of BACnet: confirmed and unconfirmed have one name with us; the newest are not named by a standard of ours. */
const BACNET_ANSWERS = new Set(['reject', 'abort', 'error'])

/** CIP services by the names of its specification. */
const CIP = { 'multiple-service-packet': 'multiple', 'get-attribute-list': 'get-attribute-list' }

const S7 = {
  'read-szl': 'read-system-status',
  'get-block-info': 'block-info',
  // What a controller is told to do goes by the name of its service.
  'plc-copy-ram-to-rom': '_MODU',
  'compress-plc-memory': '_GARB',
  'plc-start-/-stop': 'P_PROGRAM',
  upload: 'upload-block',
  download: 'download-block',
  'set-variable': 'set-variable',
  'get-multi-variables': 'get-variables',
  'set-multi-variables': 'set-variables',
}

/** A function of S7 user data is told by its sub-function alone. */
function s7Function(name: string, subfunction: string | undefined): string | undefined {
  if (subfunction !== undefined) return among(S7)(subfunction)
  return /^(Request|Response|Push):/.test(name) ? undefined : among(S7)(name)
}

/** Fields of industrial protocols by log. */
export const INDUSTRIAL_FIELDS: Readonly<Record<string, readonly ZeekField[]>> = {
  bacnet: [
    field('pdu_service', 'bacnet.service', (service) =>
      BACNET_ANSWERS.has(service) ? undefined : kebab(service).replace(/^(un)?confirmed-/, ''),
    ),
  ],
  bacnet_discovery: [
    field('instance_number', 'bacnet.device-instance', (number, row) =>
      row['object_type'] === 'device' && row['pdu_service'] === 'i-am' ? number : undefined,
    ),
  ],
  cip: [cell(/^(Multiple Service Packet|Get Attribute List)$/, 'enip.service', among(CIP))],
  dnp3: [
    field('fc_request', 'dnp3.function', (name) => kebab(name).replace(/-appl$/, '-application')),
    field('fc_reply', 'dnp3.sends', (reply) =>
      reply === 'UNSOLICITED_RESPONSE' ? 'unsolicited responses' : undefined,
    ),
  ],
  modbus: [
    field('func', 'modbus.function', modbusFunction),
    // Logs without a header.
    field('column 4', 'modbus.function', modbusFunction),
  ],
  opcua_binary: [
    cell(/^opc\.tcp:/, 'opc-ua.endpoint'),
    cell(/SecurityPolicy#/, 'opc-ua.security-policy', (uri) => uri.replace(/^.*#/, '')),
    // Channels open and close by messages of their own kind, which are no service of ours.
    cell(/^(?!\w+SecureChannel)[A-Z]\w+Request$/, 'opc-ua.service', (name) =>
      kebab(name.replace(/Request$/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')),
    ),
  ],
  s7comm: [
    field('function_name', 's7comm.function s7comm.plc-service', (name, row) =>
      s7Function(name, row['subfunction_name']),
    ),
  ],
  s7comm_plus: [
    field('function_name', 's7comm-plus.function', among(S7)),
    field('version', 's7comm-plus.version', (version) => version),
  ],
  synchrophasor: [field('data_stream_id', 'synchrophasor.id-code')],
}

function modbusFunction(name: string): string | undefined {
  return name.endsWith('_EXCEPTION') ? undefined : among(MODBUS)(name)
}
