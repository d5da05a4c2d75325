import { describe, expect, test } from 'vitest'
import { isHostIp, isLinkLocal, isPrivateIp, kindOfMac, macOfEui64, prefix64 } from './address.ts'
import { keysOf, serialOf } from './keys.ts'

describe('kindOfMac', () => {
  test.each([
    ['00:09:fb:11:22:33', 'universal'],
    ['da:3c:81:5e:90:7a', 'random'],
    ['52:54:00:12:34:56', 'virtual-machine'],
    ['00:50:56:ab:cd:ef', 'virtual-machine'],
    ['02:42:ac:11:00:02', 'virtual-machine'],
    ['00:00:5e:00:01:0a', 'virtual-router'],
    ['00:00:0c:07:ac:01', 'virtual-router'],
    ['00:00:0c:9f:f0:01', 'virtual-router'],
    ['01:00:5e:00:00:fb', 'group'],
    ['ff:ff:ff:ff:ff:ff', 'group'],
    ['00:00:00:00:00:00', 'none'],
    ['not a mac', 'none'],
  ] as const)('%s is %s', (mac, kind) => {
    expect(kindOfMac(mac)).toBe(kind)
  })
})

describe('addresses', () => {
  test('of hosts', () => {
    expect(
      ['10.0.0.5', '8.8.8.8', '2001:db8::5', 'fe80::21a:22ff:fe03:cbbe'].filter(isHostIp),
    ).toHaveLength(4)
    const others = [
      '0.0.0.0',
      '255.255.255.255',
      '224.0.0.251',
      '127.0.0.1',
      '10.0.0.255',
      '::',
      '::1',
      'ff02::fb',
      'fe80::1',
      'x',
      '10.0.0',
    ]
    expect(others.filter(isHostIp)).toEqual([])
  })

  test('that are private', () => {
    const inside = [
      '10.1.2.3',
      '172.16.0.1',
      '172.31.9.9',
      '192.168.0.1',
      '100.64.0.1',
      '169.254.1.1',
      'fd00::1',
      'fe80::1:2:3:4',
    ]
    expect(inside.filter(isPrivateIp)).toEqual(inside)
    expect(['8.8.8.8', '172.32.0.1', '192.169.0.1', '2001:db8::1'].filter(isPrivateIp)).toEqual([])
    expect(['169.254.1.1', 'fe80::1', 'febf::1'].every(isLinkLocal)).toBe(true)
    expect(isLinkLocal('fec0::1')).toBe(false)
  })

  test('made from a MAC give it back', () => {
    expect(macOfEui64('2001:db8::21a:22ff:fe03:cbbe')).toBe('00:1a:22:03:cb:be')
    expect(macOfEui64('fe80::1e5f:2bff:feaa:fd4e')).toBe('1c:5f:2b:aa:fd:4e')
    expect(macOfEui64('2001:db8::1')).toBeUndefined()
    expect(macOfEui64('10.0.0.1')).toBeUndefined()
  })

  test('share a prefix', () => {
    expect(prefix64('2001:db8::1')).toBe(prefix64('2001:db8:0:0:9:9:9:9'))
    expect(prefix64('2001:db8::1')).not.toBe(prefix64('2001:db8:0:1::1'))
  })
})

describe('keysOf', () => {
  const keys = (field: string, value: string, subject: object) =>
    keysOf({ subject, field, value, sensor: 's', first: 0, last: 0, count: 1, evidence: {} }).map(
      ({ key }) => key,
    )

  test('gives the MAC and the address', () => {
    expect(keys('http.server', 'x', { mac: '00:09:fb:11:22:33', ip: '10.0.0.5' })).toEqual([
      'mac:00:09:fb:11:22:33',
      'ip:10.0.0.5',
    ])
  })

  test('gives none for what no device owns', () => {
    expect(keys('arp.address', '10.0.0.1', { mac: '00:00:5e:00:01:0a' })).toEqual([])
    expect(keys('x.y', 'z', { mac: 'ff:ff:ff:ff:ff:ff', ip: '255.255.255.255' })).toEqual([])
  })

  test('gives the chassis and other interfaces, but no virtual ones', () => {
    expect(keys('lldp.chassis-id', '00:1B:54:00:00:01', {})).toEqual(['mac:00:1b:54:00:00:01'])
    expect(keys('snmp.interface-mac', '02:42:ac:11:00:02', {})).toEqual([])
    expect(keys('lldp.chassis-id', 'switch-1', {})).toEqual([])
  })

  test('gives serial numbers that tell devices apart', () => {
    for (const field of ['snmp.ent-serial', 'ipp.device-serial', 'onvif.serial'])
      expect(keys(field, 'foc1234x0ab', {})).toEqual(['serial:FOC1234X0AB'])
    expect(
      ['0', '123456789', '000000000', 'AAAAAAA', 'N/A', 'Serial Number', '1234'].filter(
        (text) => serialOf(text) !== undefined,
      ),
    ).toEqual([])
    // What stands there until somebody writes a number, a version, a date.
    expect(
      ['00000001', '01234567', 'TBD00000', 'V1.0.0.0', '2023-01-01'].filter(
        (text) => serialOf(text) !== undefined,
      ),
    ).toEqual([])
    expect(keys('dicom.device-serial', 'FOC1234X0AB', {})).toEqual([])
    expect(keys('tls.certificate-serial', 'FOC1234X0AB', {})).toEqual([])
  })
})
