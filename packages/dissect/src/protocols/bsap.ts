import type { Dissector } from '../dissector.ts'

const MESSAGES: readonly number[] = [0x0e, 0x16]
const FUNCTIONS: Readonly<Record<number, string>> = {
  0x00: 'acknowledge',
  0x01: 'poll',
  0x05: 'request',
  0x06: 'response',
  0x84: 'request',
  0x86: 'response',
}
const HEADER = 6

/** BSAP over IP of Bristol Babcock's controllers: who asks and who answers. */
export const bsap: Dissector = {
  protocol: 'bsap',
  over: 'udp',
  ports: [1234],
  firstBytes: MESSAGES,
  appetite: 16,

  looksLike(message) {
    const isHead = MESSAGES.includes(message.u8()) && message.u8() === 0
    const count = message.u16le()
    const isKnown = FUNCTIONS[message.u16le()] !== undefined
    return isHead && message.ok && count > 0 && count < 256 && isKnown ? 'weak' : 'no'
  },

  *dissect(message, { from }) {
    const value = FUNCTIONS[message.skip(HEADER - 2).u16le()]
    if (message.ok && value !== undefined) yield { subject: from, field: 'bsap.message', value }
  },
}
