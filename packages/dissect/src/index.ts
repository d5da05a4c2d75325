import type { Dissector } from './dissector.ts'
import { arp } from './protocols/arp.ts'
import { dhcp } from './protocols/dhcp.ts'

export { Cursor, latin1, utf8 } from './cursor.ts'
export type * from './dissector.ts'

/** Every dissector, sorted by protocol. A dissector that is not in this list does not exist. */
export const DISSECTORS: readonly Dissector[] = [arp, dhcp]
