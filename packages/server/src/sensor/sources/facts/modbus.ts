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

/** Functions by their number (Modbus application protocol V1.1b3 §6). */
const NUMBERED: Readonly<Record<number, string>> = {
  1: 'read-coils',
  2: 'read-discrete-inputs',
  3: 'read-holding-registers',
  4: 'read-input-registers',
  5: 'write-coil',
  6: 'write-register',
  7: 'read-exception-status',
  8: 'diagnostics',
  11: 'read-event-counter',
  12: 'read-event-log',
  15: 'write-coils',
  16: 'write-registers',
  17: 'report-server-id',
  20: 'read-file',
  21: 'write-file',
  22: 'mask-write-register',
  23: 'read-write-registers',
  24: 'read-fifo',
  43: 'read-device-identification',
  90: 'umas',
}

/** The name of a function by its number; one without a name is told by the number. */
export function modbusFunctionOf(number: number | undefined): string | undefined {
  return number === undefined ? undefined : (NUMBERED[number] ?? `function ${number}`)
}
