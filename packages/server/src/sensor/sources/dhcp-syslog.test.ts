import { expect, test } from 'vitest'
import { Memory } from './memory.ts'
import { dhcpSyslog } from './dhcp-syslog.ts'
import { readFiles } from './testing/read.ts'
import { readSyslog } from './syslog.ts'

const MAC = '00:09:fb:12:34:56'

function tell(...lines: readonly string[]): string[] {
  const reader = dhcpSyslog.open({ name: 'syslog', modified: Date.now(), memory: new Memory() })
  return lines
    .map((line) => reader.line(line))
    .flatMap((told) => (told !== undefined && 'facts' in told ? told.facts : []))
    .map(({ subject: { mac, ip }, field, value }) =>
      [mac, ip, field, value].filter((part) => part !== undefined).join(' '),
    )
}

test.each([
  ['<13>May  1 08:00:00 gw dhcpd[9]: hello', 'dhcpd', 'hello'],
  ['May 11 08:00:00 dnsmasq-dhcp[9]: hello', 'dnsmasq-dhcp', 'hello'],
  ['May  1 08:00:00 gw kernel: a: b', 'kernel', 'a: b'],
  ['2024-05-01T08:00:00.5+00:00 gw dhcpd: hello', 'dhcpd', 'hello'],
  ['<13>1 2024-05-01T08:00:00Z gw dhcpd 9 - - hello', 'dhcpd', 'hello'],
  [String.raw`<13>1 2024-05-01T08:00:00Z gw dhcpd - - [a@1 b="c\]"][d] hello`, 'dhcpd', 'hello'],
])('%s', (line, program, message) => {
  expect(readSyslog(line, Date.parse('2024-05-02'))).toMatchObject({ program, message })
})

test.each(['', 'hello', '<13>1 soon gw dhcpd 9 - - hello', 'Foo  1 08:00:00 gw dhcpd: hello'])(
  '%j is no syslog line',
  (line) => {
    expect(readSyslog(line, 0)).toBeUndefined()
  },
)

test('a line without a year is of the last one in which it can have been written', () => {
  const yearOf = (line: string, around: string) =>
    new Date(readSyslog(line, Date.parse(around))!.time / 1000).getFullYear()
  expect(yearOf('Dec 31 23:59:59 gw dhcpd: x', '2024-01-01T12:00:00')).toBe(2023)
  expect(yearOf('Jan  1 00:00:01 gw dhcpd: x', '2024-01-01T12:00:00')).toBe(2024)
})

test.each([
  [`dhcpd[9]: DHCPDISCOVER from ${MAC} via eth0`, [`${MAC} dhcp.message-type discover`]],
  [
    `dhcpd[9]: DHCPACK on 10.1.0.30 to ${MAC} (pump-7) via eth0`,
    [`${MAC} 10.1.0.30 dhcp.address 10.1.0.30`, `${MAC} dhcp.hostname pump-7`],
  ],
  [`dhcpd[9]: DHCPOFFER on 10.1.0.30 to ${MAC} (pump-7) via eth0`, []],
  [`dhcpd[9]: DHCPNAK on 10.1.0.30 to ${MAC} via eth0`, []],
  [
    `kea-dhcp4[9]: DHCP4_LEASE_ALLOC [hwtype=1 ${MAC}], cid=[no info], tid=0x12: lease 10.1.0.30 has been allocated for 600 seconds`,
    [`${MAC} 10.1.0.30 dhcp.address 10.1.0.30`, `${MAC} 10.1.0.30 dhcp.lease-time 600`],
  ],
  [
    `kea-dhcp4[9]: DHCP4_LEASE_ADVERT [hwtype=1 ${MAC}], cid=[no info], tid=0x12: lease 10.1.0.30 will be advertised`,
    [],
  ],
  [`other[9]: DHCPACK on 10.1.0.30 to ${MAC} (pump-7) via eth0`, []],
])('%s', (line, expected) => {
  expect(tell(`May  1 08:00:00 gw ${line}`)).toEqual(expected)
})

test('dnsmasq: what is told of an exchange is the client’s, a list over several lines is one', () => {
  const line = (text: string) => `May  1 08:00:00 dnsmasq-dhcp[9]: ${text}`
  const facts = tell(
    line('77 vendor class: Philips IntelliVue'),
    line('88 vendor class: somebody else'),
    line('77 client provides name: pump-7'),
    line(`77 DHCPREQUEST(eth0) 10.1.0.30 ${MAC} `),
    line('77 tags: eth0'),
    line('77 requested options: 1:netmask, 3:router, 6:dns-server,'),
    line('77 requested options: 15:domain-name, 119:domain-search'),
    line('77 next server: 10.1.0.1'),
    line(`77 DHCPACK(eth0) 10.1.0.30 ${MAC} pump-7`),
  )
  expect(facts).toContain(`${MAC} dhcp.vendor-class Philips IntelliVue`)
  expect(facts.filter((fact) => fact.includes('parameter-list'))).toEqual([
    `${MAC} dhcp.parameter-list 1,3,6,15,119`,
  ])
  expect(facts).toContain(`${MAC} 10.1.0.30 dhcp.address 10.1.0.30`)
  expect(facts.join()).not.toContain('somebody else')
})

test('Kea’s leases of IPv6 tie an address to its DUID', async () => {
  const { facts } = await readFiles({
    'kea-leases6.csv': [
      'address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source',
      `2001:db8:0::30,00:01:00:01:0a:0b:${MAC},3600,1714554000,1,1800,0,1,128,0,0,pump-7.example.,${MAC},0,,1,2`,
      `2001:db8:1::,00:01:00:01:0a:0b:${MAC},3600,1714554000,1,1800,2,1,56,0,0,,,0,,1,2`,
    ].join('\n'),
  })
  const duid = `000100010a0b${MAC.replaceAll(':', '')}`
  expect(facts).toEqual([
    `${MAC} 2001:db8::30 dhcpv6.address 2001:db8::30`,
    `${MAC} 2001:db8::30 dhcpv6.duid ${duid}`,
    `${MAC} 2001:db8::30 dhcpv6.fqdn pump-7.example`,
  ])
})
