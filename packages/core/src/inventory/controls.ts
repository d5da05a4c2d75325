/** What the network shows of the protection of one device. */
export interface ProtectionFacts {
  /** Subnet of its newest address. */
  readonly segment: string | undefined
  /** Other devices with an address in that subnet, and how many of them are of another category. */
  readonly neighbours: number
  readonly strangers: number
  /** Sessions seen, and how many of them of an encrypted protocol. */
  readonly sessions: number
  readonly encrypted: number
  /** Sessions with an address outside of the private ranges. */
  readonly outside: number
  readonly baseline: 'learning' | 'watching' | undefined
  readonly openWeaknesses: number
}

export interface Control {
  readonly code: string
  readonly title: string
  readonly state: 'works' | 'missing' | 'unknown'
  /** One sentence for a person. */
  readonly because: string
}

/** Which controls are seen to work. What nobody saw is unknown, never "works". */
export function judgeControls(facts: ProtectionFacts): readonly Control[] {
  return [separation(facts), encryption(facts), internet(facts), watching(facts), settings(facts)]
}

function separation({ segment, neighbours, strangers }: ProtectionFacts): Control {
  const control = { code: 'separation', title: 'Its own network segment' }
  if (segment === undefined) {
    return { ...control, state: 'unknown', because: 'It has no address that was seen.' }
  }
  if (strangers === 0) {
    const others = neighbours === 0 ? 'nothing else' : `${neighbours} others, all of its kind`
    return { ...control, state: 'works', because: `${segment} holds ${others}.` }
  }
  const because = `${segment} is shared with ${neighbours} others, ${strangers} of another kind.`
  return { ...control, state: 'missing', because }
}

function encryption({ sessions, encrypted }: ProtectionFacts): Control {
  const control = { code: 'encryption', title: 'Encrypted conversations' }
  if (sessions === 0) return { ...control, state: 'unknown', because: 'No conversation was seen.' }
  const because = `${encrypted} of ${sessions} sessions were encrypted.`
  return { ...control, state: encrypted === sessions ? 'works' : 'missing', because }
}

function internet({ sessions, outside }: ProtectionFacts): Control {
  const control = { code: 'no-internet', title: 'No way to the internet' }
  if (outside > 0) {
    const because = `${outside} sessions with addresses outside of the hospital were seen.`
    return { ...control, state: 'missing', because }
  }
  // That none was seen does not prove that a firewall would stop one.
  const because =
    sessions === 0 ? 'No conversation was seen.' : 'None was seen; nobody tried whether it is shut.'
  return { ...control, state: 'unknown', because }
}

function watching({ baseline }: ProtectionFacts): Control {
  const control = { code: 'watched', title: 'Its behaviour is watched' }
  if (baseline === 'watching') {
    return { ...control, state: 'works', because: 'Its habits are known; what differs is told.' }
  }
  const because =
    baseline === 'learning' ? 'Its habits are still being learned.' : 'Nothing was learned of it.'
  return { ...control, state: 'missing', because }
}

function settings({ openWeaknesses, sessions }: ProtectionFacts): Control {
  const control = { code: 'settings', title: 'Safe settings' }
  if (openWeaknesses > 0) {
    const because = `${openWeaknesses} weak settings were seen on the wire: see Exposure.`
    return { ...control, state: 'missing', because }
  }
  const because =
    sessions === 0 ? 'No conversation was seen.' : 'No weak setting showed in what was seen.'
  return { ...control, state: sessions === 0 ? 'unknown' : 'works', because }
}
