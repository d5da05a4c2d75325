import type { Dissector } from '../dissector.ts'

const DATAGRAMS = 1
const HEADER = 10
const MOST_DATAGRAMS = 15

/** Commands by number (IEC 61158-4-12 §5.4): read and write by position, by address, all, and logically. */
const COMMANDS: readonly (string | undefined)[] = [
  undefined,
  'APRD',
  'APWR',
  'APRW',
  'FPRD',
  'FPWR',
  'FPRW',
  'BRD',
  'BWR',
  'BRW',
  'LRD',
  'LWR',
  'LRW',
  'ARMW',
  'FRMW',
]

/** EtherCAT: who is the master of a line of drives and terminals, and which commands it sends. */
export const ethercat: Dissector = {
  protocol: 'ethercat',
  over: 'ethernet',
  etherTypes: [0x88a4],
  appetite: Infinity,

  looksLike(message) {
    const head = message.u16le()
    const length = head & 0x7ff
    const isMine = head >> 12 === DATAGRAMS && length >= HEADER + 2 && length <= message.remaining
    return message.ok && isMine ? 'strong' : 'no'
  },

  *dissect(message) {
    message.skip(2)
    const commands = new Set<string>()
    for (let left = MOST_DATAGRAMS; left > 0 && message.remaining >= HEADER + 2; left--) {
      const command = COMMANDS[message.u8()]
      const length = message.skip(5).u16le()
      message.skip(2 + (length & 0x7ff))
      // A counter above zero: stations have been passed, and the frame is on its way back.
      const isReturning = message.u16le() > 0
      if (!message.ok || isReturning) return
      if (command !== undefined) commands.add(command)
      if ((length & 0x8000) === 0) break
    }
    if (commands.size === 0) return
    yield { subject: 'client', field: 'ethercat.role', value: 'master' }
    for (const value of commands) yield { subject: 'client', field: 'ethercat.command', value }
  },
}
