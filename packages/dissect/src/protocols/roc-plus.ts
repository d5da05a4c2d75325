import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { crc16, CRC16 } from './crc16.ts'

const HEAD = 6
const CHECK = 2

/** Operations (Emerson A6199, chapter 3). */
const OPERATIONS: Readonly<Record<number, string>> = {
  6: 'read-system-configuration',
  7: 'read-clock',
  8: 'write-clock',
  10: 'read-configurable-data',
  11: 'write-configurable-data',
  17: 'login',
  24: 'store-and-forward',
  50: 'read-point-positions',
  100: 'access-user-data',
  105: 'read-history-tags',
  108: 'read-history-point',
  118: 'read-alarms',
  119: 'read-events',
  120: 'read-pointers',
  121: 'read-alarm-log',
  122: 'read-event-log',
  135: 'read-history',
  136: 'read-history-segment',
  137: 'read-history-index',
  138: 'read-daily-history',
  139: 'read-history-info',
  165: 'read-history-configuration',
  166: 'write-parameters',
  167: 'read-parameters',
  180: 'read-parameter-list',
  181: 'write-parameter-list',
  203: 'file-transfer',
  206: 'read-transaction',
  224: 'unsolicited',
  225: 'acknowledge-unsolicited',
  255: 'error',
}

/** ROC Plus of Emerson's flow computers: addresses and operations. */
export const rocPlus: Dissector = {
  protocol: 'roc-plus',
  over: 'tcp',
  appetite: 64,
  looksLike,

  length: (stream) => (stream.remaining < HEAD ? 0 : HEAD + stream.peek(5) + CHECK),

  *dissect(message, { from }) {
    const target = `${message.u8()}/${message.u8()}`
    const source = `${message.u8()}/${message.u8()}`
    const operation = OPERATIONS[message.u8()]
    if (!message.ok || operation === undefined) return
    const isRequest = from === 'client'
    yield { subject: from, field: 'roc-plus.address', value: source }
    const other = isRequest ? 'server' : 'client'
    if (target !== '0/0') yield { subject: other, field: 'roc-plus.address', value: target }
    if (isRequest) yield* factOf(from, 'roc-plus.operation', operation)
  },
}

function looksLike(message: Cursor): Likeness {
  if (message.remaining < HEAD + CHECK || OPERATIONS[message.peek(4)] === undefined) return 'no'
  const length = HEAD + message.peek(5)
  if (message.remaining < length + CHECK) return 'no'
  const { bytes, position } = message
  const check = bytes[position + length]! | (bytes[position + length + 1]! << 8)
  return crc16(bytes, position, position + length, CRC16.ibm) === check ? 'strong' : 'no'
}
