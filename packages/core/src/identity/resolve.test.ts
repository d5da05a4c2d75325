import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KeyLink, ObservedFact } from '../vocabulary.ts'
import { keysOf } from './keys.ts'
import { resolve } from './resolve.ts'

const PUMP = '00:40:9d:11:11:11'
const SCANNER = '00:09:fb:22:22:22'
const ROUTER = '00:1b:54:33:33:33'

function fact(
  field: string,
  value: string,
  subject: ObservedFact['subject'],
  first = 1000,
): ObservedFact {
  return { subject, field, value, sensor: 's', first, last: first, count: 1, evidence: {} }
}

const arp = (mac: string, ip: string, time?: number) => fact('arp.address', ip, { mac, ip }, time)
const lease = (mac: string, ip: string, time?: number) =>
  fact('dhcp.address', ip, { mac, ip }, time)
const seen = (mac: string, ip: string, value = 'x', time?: number) =>
  fact('http.server', value, { mac, ip }, time)
const routed = (ip: string, value = 'x', time?: number) => fact('http.server', value, { ip }, time)

/** Keeps links and the asset of each fact the way a store does, over any number of calls. */
function makeStore() {
  let count = 0
  let links: KeyLink[] = []
  const owner = new Map<ObservedFact, string>()
  const assetOf = (wanted: ObservedFact) => owner.get(wanted)
  return {
    owner,
    assetOf,
    links: () => links,
    current: (key: string) => links.filter((link) => link.key === key && link.until === undefined),
    add(facts: readonly ObservedFact[]) {
      const keys = new Set(facts.flatMap((each) => keysOf(each).map(({ key }) => key)))
      const open = links.filter(({ until }) => until === undefined)
      const assets = new Set(open.filter(({ key }) => keys.has(key)).map((link) => link.assetId))
      const known = open.filter(({ assetId }) => assets.has(assetId))
      const resolution = resolve(facts, known, () => `asset-${++count}`)
      for (const { key, assetId, since, until } of resolution.ended)
        links = links.map((link) =>
          link.key === key &&
          link.assetId === assetId &&
          link.since === since &&
          link.until === undefined
            ? { ...link, until }
            : link,
        )
      links.push(...resolution.linked)
      for (const [each, id] of owner)
        for (const { from, into } of resolution.merged) if (id === from) owner.set(each, into)
      for (const { from, into, ip } of resolution.split)
        for (const [each, id] of owner)
          if (id === from && each.subject.ip === ip) owner.set(each, into)
      for (const [index, each] of facts.entries()) {
        const id = resolution.assetOf[index]
        if (id !== undefined) owner.set(each, id)
      }
      return resolution
    },
  }
}

/** Which facts belong together, whatever the assets are called. */
function partitionOf(
  facts: readonly ObservedFact[],
  assetOf: (f: ObservedFact) => string | undefined,
) {
  const groups = Map.groupBy(facts, (each) => assetOf(each) ?? 'none')
  return new Set(
    [...groups].map(([id, group]) => {
      const members = group.map(({ subject, field, value, first }) =>
        JSON.stringify([subject, field, value, first]),
      )
      return `${id === 'none' ? 'none' : 'asset'}: ${members.toSorted().join(' ')}`
    }),
  )
}

function partitionAtOnce(facts: readonly ObservedFact[]) {
  const store = makeStore()
  store.add(facts)
  return partitionOf(facts, store.assetOf)
}

test.each([
  ['an answer of neighbour discovery', 'ndp.address', 0],
  ['traffic', 'http.server', 1],
])('%s of a MAC with addresses of three networks', (_case, field, gateways) => {
  const mac = '00:1a:22:00:00:07'
  const ips = [1, 2, 3].map((network) => `2001:db8:${network}::7`)
  const store = makeStore()
  store.add(ips.map((ip) => fact(field, ip, { mac, ip })))
  expect(store.current(`gateway:${mac}`)).toHaveLength(gateways)
})

describe('a device and its addresses', () => {
  test('is one asset with its MAC and the address that only it used', () => {
    const store = makeStore()
    const { created, linked } = store.add([
      seen(PUMP, '10.0.0.5'),
      fact('lldp.port', '1', { mac: PUMP }),
    ])
    expect(created).toHaveLength(1)
    expect(linked.map(({ key }) => key)).toEqual(
      expect.arrayContaining([`mac:${PUMP}`, 'ip:10.0.0.5']),
    )
  })

  test('facts by address alone go to the device that holds the address', () => {
    const facts = [arp(PUMP, '10.0.0.5'), routed('10.0.0.5')]
    expect(partitionAtOnce(facts).size).toBe(1)
  })

  test('an asset known by its address alone becomes the device whose MAC holds it', () => {
    const store = makeStore()
    const early = routed('10.0.0.5')
    store.add([early])
    const { merged, created } = store.add([
      fact('dhcp.hostname', 'p', { mac: PUMP }),
      arp(PUMP, '10.0.0.5'),
    ])
    expect(created).toEqual([])
    expect(merged).toEqual([])
    expect(store.assetOf(early)).toBe('asset-1')
    expect(store.current(`mac:${PUMP}`)).toMatchObject([{ assetId: 'asset-1' }])
  })

  test('two assets that turn out to be one are merged, with the reason', () => {
    const store = makeStore()
    store.add([routed('10.0.0.5', 'a', 500)])
    store.add([fact('dhcp.hostname', 'p', { mac: PUMP }, 600)])
    const { merged } = store.add([arp(PUMP, '10.0.0.5', 700)])
    expect(merged).toEqual([
      {
        into: 'asset-1',
        from: 'asset-2',
        because: `${PUMP} holds 10.0.0.5, known before by the address alone`,
      },
    ])
    expect(store.current(`mac:${PUMP}`)).toMatchObject([{ assetId: 'asset-1' }])
  })
})

describe('several addresses of one device', () => {
  test('are tied by the name that it gives itself in mDNS', () => {
    const name = (subject: ObservedFact['subject']) =>
      fact('mdns.hostname', 'bridge.local', subject)
    const facts = [name({ mac: PUMP, ip: '10.0.0.5' }), name({ ip: 'fd00::5' }), routed('fd00::5')]
    expect(partitionAtOnce(facts).size).toBe(1)
    const store = makeStore()
    store.add(facts)
    const later = routed('fd00::5', 'later', 9000)
    store.add([later])
    expect(store.assetOf(later)).toBe('asset-1')
  })

  test('are not when two devices give themselves the same name', () => {
    const name = (subject: ObservedFact['subject']) =>
      fact('mdns.hostname', 'bridge.local', subject)
    const facts = [
      name({ mac: PUMP, ip: '10.0.0.5' }),
      name({ mac: SCANNER, ip: '10.0.0.6' }),
      name({ ip: 'fd00::5' }),
    ]
    expect(partitionAtOnce(facts).size).toBe(3)
  })
})

describe('an address that changes hands', () => {
  test('never merges: its link ends when another MAC claims it', () => {
    const store = makeStore()
    store.add([lease(PUMP, '10.0.0.5', 1000)])
    const { ended, merged } = store.add([lease(SCANNER, '10.0.0.5', 2000)])
    expect(merged).toEqual([])
    expect(ended).toContainEqual(
      expect.objectContaining({ key: 'ip:10.0.0.5', assetId: 'asset-1', until: 2000 }),
    )
    expect(store.current('ip:10.0.0.5')).toMatchObject([{ assetId: 'asset-2', since: 2000 }])
  })

  test.each([
    ['each with a subject of its own', {}],
    ['that share a subject', { subject: { ip: '10.0.0.5' } }],
  ])('facts by address alone, %s, follow the holder of their time', (_, shared) => {
    const before = { ...routed('10.0.0.5', 'pump', 1500), ...shared }
    const after = { ...routed('10.0.0.5', 'scanner', 2500), ...shared }
    const store = makeStore()
    const facts = [lease(PUMP, '10.0.0.5', 1000), lease(SCANNER, '10.0.0.5', 2000), before, after]
    store.add(facts)
    expect(store.assetOf(before)).toBe(store.assetOf(facts[0]!))
    expect(store.assetOf(after)).toBe(store.assetOf(facts[1]!))
  })

  test('leaves what was seen before with its earlier holder, although nothing proved that', () => {
    const early = seen(PUMP, '10.0.0.5', 'pump', 1000)
    const late = seen(SCANNER, '10.0.0.5', 'scanner', 3000)
    const store = makeStore()
    store.add([early])
    expect(store.add([lease(SCANNER, '10.0.0.5', 2000), late]).split).toEqual([])
    expect(store.assetOf(early)).toBe('asset-1')
    expect(store.assetOf(late)).toBe('asset-2')
    expect(partitionAtOnce([early, lease(SCANNER, '10.0.0.5', 2000), late]).size).toBe(2)
  })

  test('a new lease ends the old address of the same device', () => {
    const store = makeStore()
    store.add([lease(PUMP, '10.0.0.5', 1000)])
    store.add([lease(PUMP, '10.0.0.9', 2000)])
    expect(store.current('ip:10.0.0.5')).toEqual([])
    expect(store.current('ip:10.0.0.9')).toMatchObject([{ assetId: 'asset-1' }])
  })
})

describe('a router', () => {
  test('does not swallow the hosts behind it', () => {
    const facts = [
      arp(ROUTER, '10.0.0.1'),
      seen(ROUTER, '10.0.1.7', 'pump'),
      seen(ROUTER, '10.0.2.8', 'scanner'),
    ]
    expect(partitionAtOnce(facts).size).toBe(3)
  })

  test('that was never seen to answer ARP does not either', () => {
    const facts = [seen(ROUTER, '10.0.1.7'), seen(ROUTER, '10.0.2.8')]
    expect(partitionAtOnce(facts).size).toBe(2)
  })

  test('gives back the host it was taken for', () => {
    const store = makeStore()
    const host = seen(ROUTER, '10.0.1.7', 'pump')
    store.add([host])
    const { split } = store.add([arp(ROUTER, '10.0.0.1')])
    expect(split).toEqual([{ from: 'asset-1', into: 'asset-2', ip: '10.0.1.7' }])
    expect(store.current(`mac:${ROUTER}`)).toMatchObject([{ assetId: 'asset-1' }])
    expect(store.current('ip:10.0.1.7')).toMatchObject([{ assetId: 'asset-2' }])
    const later = seen(ROUTER, '10.0.1.7', 'pump again', 3000)
    store.add([later])
    expect(store.assetOf(later)).toBe(store.assetOf(host))
  })

  test('does not hide that the host behind it is one that is also seen on its own network', () => {
    const facts = [
      arp(PUMP, '10.0.1.7'),
      arp(ROUTER, '10.0.0.1'),
      seen(ROUTER, '10.0.1.7'),
      seen(PUMP, '10.0.1.7', 'y'),
    ]
    expect(partitionAtOnce(facts).size).toBe(2)
  })

  test('and a host with one unproven address: nobody knows whose it is', () => {
    const facts = [seen(PUMP, '10.0.1.7'), seen(ROUTER, '10.0.1.7', 'y'), routed('10.0.1.7')]
    expect(partitionAtOnce(facts).size).toBe(1)
    expect(partitionAtOnce([...facts, arp(PUMP, '10.0.1.7')]).size).toBe(1)
    expect(partitionAtOnce([...facts, arp(ROUTER, '10.0.0.1')]).size).toBe(2)
  })

  test('stays known as one in later calls', () => {
    const store = makeStore()
    store.add([seen(ROUTER, '10.0.1.7'), seen(ROUTER, '10.0.2.8')])
    const third = seen(ROUTER, '10.0.3.9')
    store.add([third])
    expect(store.current('ip:10.0.3.9')).toMatchObject([{ assetId: store.assetOf(third) }])
    expect(store.current(`mac:${ROUTER}`)[0]?.assetId).not.toBe(store.assetOf(third))
  })

  test('leads to the internet, whose hosts are no assets', () => {
    const web = seen(ROUTER, '203.0.113.9')
    const store = makeStore()
    store.add([arp(ROUTER, '10.0.0.1'), web])
    expect(store.assetOf(web)).toBeUndefined()
  })

  test('shares its virtual address with another one, and neither is that address', () => {
    const shared = '00:00:5e:00:01:0a'
    const store = makeStore()
    const { created } = store.add([arp(shared, '10.0.0.254'), seen(shared, '10.0.1.7')])
    expect(created).toHaveLength(1)
    expect(store.current(`mac:${shared}`)).toEqual([])
  })
})

describe('strong keys', () => {
  test('the ports of one switch are one asset over the chassis that they announce', () => {
    const chassis = '00:1b:54:00:00:01'
    const facts = ['00:1b:54:00:00:11', '00:1b:54:00:00:12'].map((mac) =>
      fact('lldp.chassis-id', chassis, { mac }),
    )
    expect(partitionAtOnce(facts).size).toBe(1)
  })

  test('a serial number joins interfaces only together with its maker', () => {
    const stating = (mac: string, maker: string) => [
      fact('http.upnp-manufacturer', maker, { mac }),
      fact('http.upnp-serial-number', 'DE123456', { mac }),
    ]
    expect(
      partitionAtOnce([...stating(PUMP, 'Philips'), ...stating(SCANNER, 'Philips')]).size,
    ).toBe(1)
    expect(partitionAtOnce([...stating(PUMP, 'Philips'), ...stating(SCANNER, 'Axis')]).size).toBe(2)
  })

  test('a serial number joins a known asset, and says why', () => {
    const store = makeStore()
    const stating = (mac: string, time: number) => [
      fact('snmp.ent-mfg-name', 'Cisco', { mac }, time),
      fact('snmp.ent-serial', 'FOC1234X0AB', { mac }, time),
    ]
    store.add(stating(SCANNER, 1000))
    store.add([fact('dhcp.hostname', 'p', { mac: PUMP }, 1500)])
    const { merged } = store.add(stating(PUMP, 2000))
    expect(merged).toEqual([
      { into: 'asset-1', from: 'asset-2', because: 'both state snmp.ent-serial FOC1234X0AB' },
    ])
  })

  test('what an archive passes on of a scanner does not make them one', () => {
    const facts = [PUMP, SCANNER].flatMap((mac) => [
      fact('dicom.manufacturer', 'Philips', { mac }),
      fact('dicom.serial', 'DE123456', { mac }),
    ])
    expect(partitionAtOnce(facts).size).toBe(2)
  })

  test('an IPv6 address made from a MAC belongs to that MAC, behind any router', () => {
    const facts = [
      fact('dhcp.hostname', 'p', { mac: '00:1a:22:03:cb:be' }),
      seen(ROUTER, '2001:db8::21a:22ff:fe03:cbbe'),
    ]
    expect(partitionAtOnce(facts).size).toBe(1)
  })
})

/** A made-up hospital: hosts on the local network, hosts behind a router, and what is seen of them. */
const anyFacts = fc
  .record({
    locals: fc.uniqueArray(fc.integer({ min: 2, max: 40 }), { minLength: 1, maxLength: 5 }),
    remotes: fc.uniqueArray(fc.integer({ min: 2, max: 40 }), { minLength: 2, maxLength: 5 }),
    seeds: fc.array(fc.record({ who: fc.nat(20), what: fc.nat(5) }), {
      minLength: 5,
      maxLength: 40,
    }),
  })
  .map(({ locals, remotes, seeds }) => {
    const mac = (n: number) => `00:40:9d:00:00:${n.toString(16).padStart(2, '0')}`
    const base = [
      arp(ROUTER, '10.0.0.1'),
      ...remotes.map((n) => seen(ROUTER, `10.9.0.${n}`, 'base')),
    ]
    const extra = seeds.map(({ who, what }, index) => {
      const n = locals[who % locals.length]!
      const far = remotes[who % remotes.length]!
      const time = 1000 + index
      return [
        () => arp(mac(n), `10.0.0.${n}`, time),
        () => seen(mac(n), `10.0.0.${n}`, `v${index}`, time),
        () => routed(`10.0.0.${n}`, `v${index}`, time),
        () => seen(ROUTER, `10.9.0.${far}`, `v${index}`, time),
        () => routed(`10.9.0.${far}`, `v${index}`, time),
        () => fact('dhcp.hostname', `h${n}`, { mac: mac(n) }, time),
      ][what]!()
    })
    return [...base, ...extra]
  })

describe('any order of the same facts gives the same assets', () => {
  const orders = anyFacts.chain((facts) =>
    fc.record({
      facts: fc.constant(facts),
      shuffled: fc.shuffledSubarray(facts, { minLength: facts.length }),
    }),
  )

  test('in one call', () => {
    fc.assert(
      fc.property(orders, ({ facts, shuffled }) => {
        expect(partitionAtOnce(shuffled)).toEqual(partitionAtOnce(facts))
      }),
    )
  })

  test('one fact at a time', () => {
    fc.assert(
      fc.property(orders, ({ facts, shuffled }) => {
        const store = makeStore()
        for (const each of shuffled) store.add([each])
        expect(partitionOf(facts, store.assetOf)).toEqual(partitionAtOnce(facts))
      }),
      { numRuns: 300 },
    )
  })

  test('and each key points to one asset at a time', () => {
    fc.assert(
      fc.property(orders, ({ shuffled }) => {
        const store = makeStore()
        for (const each of shuffled) store.add([each])
        const open = store.links().filter(({ until }) => until === undefined)
        expect(new Set(open.map(({ key }) => key)).size).toBe(open.length)
      }),
    )
  })

  test('whether facts share a subject or each has its own', () => {
    const idsOf = (word: string) => {
      let count = 0
      return () => `${word}-${++count}`
    }
    fc.assert(
      fc.property(orders, ({ shuffled }) => {
        const subjects = new Map<string, ObservedFact['subject']>()
        const shared = shuffled.map((each) => {
          const key = `${each.subject.mac} ${each.subject.ip}`
          const subject = subjects.get(key) ?? each.subject
          subjects.set(key, subject)
          return { ...each, subject }
        })
        const half = shuffled.length / 2
        const parts = [
          shared.slice(0, half),
          shared.slice(0, half).map((each) => structuredClone(each)),
        ]
        const [before, alone] = parts.map((facts) => resolve(facts, [], idsOf('first')))
        expect(before).toEqual(alone)
        const known = before!.linked.filter(({ until }) => until === undefined)
        const rest = [shared.slice(half), shared.slice(half).map((each) => structuredClone(each))]
        const [after, each] = rest.map((facts) => resolve(facts, known, idsOf('then')))
        expect(after).toEqual(each)
      }),
    )
  })
})
