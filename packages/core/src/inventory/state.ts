import type { AssetState } from '../vocabulary.ts'
import type { DeclaredDevice } from './fields.ts'

/** Words of systems for the states of a device; numbers are those of a CMDB's install status. */
const STATES: readonly (readonly [RegExp, AssetState])[] = [
  [/\b(?:dispos|scrap|sold|donat|destroy|stolen|lost|traded)|^8$/, 'disposed'],
  [/\b(?:retir|decommission|inactive|obsolete|removed|deactivat)|out of inventory|^7$/, 'retired'],
  [
    /\b(?:repair|maintenance|broken|defect|awaiting parts|quarantin)|out[ -]of[ -]service|\boos\b|^3$/,
    'in-repair',
  ],
  [/\b(?:stor(?:ed|age)|stock|spare|warehouse|reserve)|^6$/, 'stored'],
]

/** State of a device that was never seen, by what its record says; `expected` when it should show up on the network. */
export function declaredState({
  status,
  connected,
  macs,
  ips,
  hostname,
}: DeclaredDevice): AssetState {
  const word = (status ?? '').toLowerCase()
  const known = STATES.find(([pattern]) => pattern.test(word))
  if (known !== undefined) return known[1]
  const isOnline =
    connected === undefined
      ? (macs ?? ips) !== undefined || hostname !== undefined
      : connected === 'yes'
  return isOnline ? 'expected' : 'active'
}
