/** Modbus functions by the names of Zeek and Suricata, in the words of the wire. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  'encap-interface-transport': 'read-device-identification',
  'get-comm-event-counter': 'read-event-counter',
  'get-comm-event-log': 'read-event-log',
  'read-fifo-queue': 'read-fifo',
  'read-file-record': 'read-file',
  'read-write-multiple-registers': 'read-write-registers',
  'report-slave-id': 'report-server-id',
  'write-file-record': 'write-file',
  'write-multiple-coils': 'write-coils',
  'write-multiple-registers': 'write-registers',
  'write-single-coil': 'write-coil',
  'write-single-register': 'write-register',
}

/** `READ_COILS` or `Read Coils` as `read-coils`; undefined for what is no name. */
export function modbusFunction(text: string | undefined): string | undefined {
  const name =
    text
      ?.trim()
      .toLowerCase()
      .replaceAll(/[ _/]+/g, '-') ?? ''
  if (!/^[a-z][a-z-]{2,48}$/.test(name)) return undefined
  return FUNCTIONS[name] ?? name
}
