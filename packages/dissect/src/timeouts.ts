import { TCP, TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from './decode/packet.ts'

const SECOND = 1e6
/** A TCP connection whose ends keep it open but say nothing. */
const TCP_IDLE = 300 * SECOND
/** After a reset or both FINs: long enough for what is still under way. */
const TCP_CLOSED = 5 * SECOND
/** No flow is over sooner than this after its last packet. */
export const SHORTEST_TIMEOUT = TCP_CLOSED
/** An opening that nobody has answered. */
const TCP_UNANSWERED = 30 * SECOND
const OTHER_IDLE = 60 * SECOND

/** True once a connection was reset or ended by both sides; `state` as in the flow table. */
export function isClosed(state: number): boolean {
  if (((state | (state >>> 8)) & TCP_RST) !== 0) return true
  return (state & TCP_FIN) !== 0 && ((state >>> 8) & TCP_FIN) !== 0
}

/** Microseconds without a packet after which a flow is over. */
export function idleTimeout(transport: number, state: number): number {
  if (transport !== TCP) return OTHER_IDLE
  if (isClosed(state)) return TCP_CLOSED
  const flags = (state | (state >>> 8)) & 0xff
  return (flags & (TCP_SYN | TCP_ACK)) === TCP_SYN ? TCP_UNANSWERED : TCP_IDLE
}
