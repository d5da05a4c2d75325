import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { CORE_SCHEMA, load } from 'js-yaml'
import type { Attribute, ObservedFact } from '../vocabulary.ts'
import { compileFingerprints } from './fingerprint.ts'
import { identify } from './identify.ts'
import type { Knowledge } from './knowledge.ts'
import { labelOf } from './label.ts'
import { compileVocabulary } from './vocabulary.ts'

const CONTENT = path.resolve(import.meta.dirname, '../../../../content')

function readFolder(name: string): Record<string, unknown> {
  const folder = path.join(CONTENT, name)
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return Object.fromEntries(
    files.map((file) => [
      file.slice(0, -5),
      load(readFileSync(path.join(folder, file), 'utf8'), { schema: CORE_SCHEMA }),
    ]),
  )
}

const makers: Readonly<Record<string, string>> = {
  '00:09:fb': 'Philips Patient Monitoring\nHewlett-Packard-Str. 2\nBoeblingen',
  '00:17:88': 'Philips Lighting BV',
  '00:40:9d': 'DigiBoard',
  '00:06:6b': 'Sysmex Corporation',
  '5c:cf:7f': 'Espressif Inc.',
  'f8:b1:56': 'Dell Inc.',
  '00:00:00': 'XEROX CORPORATION',
  '00:24:e4': 'ACME WIDGETS CO., LTD.',
}

const knowledge: Knowledge = {
  fingerprints: compileFingerprints(readFolder('fingerprints')),
  vocabulary: compileVocabulary(readFolder('vocabularies')),
  makerOfMac: (mac) => makers[mac.slice(0, 8)],
}

const MAC = '00:09:fb:22:22:22'

function fact(
  field: string,
  value: string,
  times: { first?: number; last?: number; mac?: string } = {},
) {
  const { first = 1000, mac = MAC } = times
  return {
    subject: { mac },
    field,
    value,
    sensor: 's',
    first,
    last: times.last ?? first,
    count: 1,
    evidence: { file: 'a.pcap', frame: 7 },
  } satisfies ObservedFact
}

function claimsOf(facts: readonly ObservedFact[], macs?: readonly string[]) {
  const { claims } = identify(facts, knowledge, macs)
  const by = new Map<Attribute, (typeof claims)[number]>(
    claims.map((claim) => [claim.attribute, claim]),
  )
  return { claims, by, value: (attribute: Attribute) => by.get(attribute)?.value }
}

describe('identify', () => {
  test('says what the device is, why, and from which frame', () => {
    const { value, by } = claimsOf([
      fact(
        'snmp.sys-descr',
        'Philips IntelliVue MX450 Patient Monitor (866062), SW Rev. M.03.04, S/N DE35174021',
      ),
    ])
    expect(value('manufacturer')).toBe('Philips')
    expect(value('model')).toBe('IntelliVue MX450')
    expect(value('serial')).toBe('DE35174021')
    expect(value('firmware')).toBe('M.03.04')
    expect(value('type')).toBe('patient-monitor')
    expect(value('category')).toBe('monitoring')
    expect(by.get('model')?.evidence[0]).toMatchObject({
      field: 'snmp.sys-descr',
      file: 'a.pcap',
      frame: 7,
      rule: 'product.name/philips-intellivue',
    })
    expect(by.get('model')?.confidence).toBeGreaterThan(0.9)
  })

  test('gives one winner and keeps what spoke against it', () => {
    const { by } = claimsOf([
      fact('dhcp.vendor-class', 'Philips IntelliVue', { mac: 'f8:b1:56:00:00:01' }),
    ])
    const maker = by.get('manufacturer')
    expect(maker?.value).toBe('Philips')
    expect(maker?.against).toMatchObject([{ field: 'mac.oui', claims: 'Dell' }])
    expect(maker?.against[0]?.weight).toBeLessThan(0)
    const { by: alone } = claimsOf([fact('dhcp.vendor-class', 'Philips IntelliVue')])
    expect(maker?.confidence).toBeLessThan(alone.get('manufacturer')?.confidence ?? 0)
  })

  test('claims the category where the type is not known', () => {
    const { value } = claimsOf([fact('hl7.observation', 'MDC_FLOW_FLUID_PUMP')])
    expect(value('type')).toBeUndefined()
    expect(value('category')).toBe('infusion')
  })

  test('takes the address block of a device maker as evidence, of a module maker hardly', () => {
    expect(claimsOf([fact('arp.probe', '10.0.0.1')]).value('manufacturer')).toBe('Philips')
    for (const mac of ['00:40:9d:00:00:01', '5c:cf:7f:00:00:01'])
      expect(claimsOf([fact('arp.probe', '10.0.0.1', { mac })]).claims).toEqual([])
  })

  test('reads nothing into addresses that somebody typed in', () => {
    expect(claimsOf([fact('arp.probe', '10.0.0.1', { mac: '00:00:00:00:00:02' })]).claims).toEqual(
      [],
    )
  })

  test('is not led astray by lamps of the same name', () => {
    const { value } = claimsOf([fact('arp.probe', '10.0.0.1', { mac: '00:17:88:00:00:01' })])
    expect(value('manufacturer')).toBe('Signify')
    expect(value('type')).toBe('smart-lighting')
  })

  test('names an unknown registrant of an address block plainly', () => {
    const { by } = claimsOf([fact('arp.probe', '10.0.0.1', { mac: '00:24:e4:00:00:01' })])
    expect(by.get('manufacturer')).toMatchObject({ value: 'ACME Widgets' })
    expect(by.get('manufacturer')?.confidence).toBeLessThan(0.9)
  })

  test('does not read the address block of a router into a host behind it', () => {
    const host = {
      ...fact('http.server', 'nginx'),
      subject: { mac: 'f8:b1:56:00:00:01', ip: '10.9.0.1' },
    }
    expect(claimsOf([host], []).value('manufacturer')).toBeUndefined()
  })

  test('believes the newest version, and shows the old one against it', () => {
    const { by } = claimsOf([
      fact('snmp.ent-firmware', '9.33', { first: 1000, last: 5000 }),
      fact('telnet.banner', 'Alaris 8015 PC Unit 9.33 service console', {
        first: 1000,
        last: 5000,
      }),
      fact('snmp.ent-firmware', '12.3.1', { first: 9000 }),
    ])
    expect(by.get('firmware')?.value).toBe('12.3.1')
    expect(by.get('firmware')?.against.map(({ claims }) => claims)).toContain('9.33')
  })

  test('takes a general system as support for the special one', () => {
    const { by } = claimsOf([
      fact('dhcp.vendor-class', 'MSFT 5.0'),
      fact('dhcp.parameter-list', '1,3,6,15,31,33,43,44,46,47,119,121,249,252'),
    ])
    expect(by.get('os')?.value).toBe('Windows 10')
    expect(by.get('os')?.against).toEqual([])
  })

  test('does not take an archive for the scanners whose images it passes on', () => {
    const { value } = claimsOf(
      [
        fact('dicom.device-serial', 'A1'),
        fact('dicom.device-serial', 'B2'),
        fact('dicom.model', 'SOMATOM Force'),
        fact('dicom.model', 'LOGIQ E10'),
      ],
      [],
    )
    expect(value('model')).toBeUndefined()
    expect(value('serial')).toBeUndefined()
    expect(value('type')).toBe('pacs')
  })

  test('does not take a gateway for the pump that it reports on', () => {
    const { value } = claimsOf(
      [fact('hl7.equipment', '14203377^BD Alaris PC Unit 8015^00B094FFFE610F01^EUI-64')],
      [],
    )
    expect(value('model')).toBeUndefined()
    const own = fact('hl7.equipment', '14203377^BD Alaris PC Unit 8015^00B094FFFE610F01^EUI-64', {
      mac: '00:b0:94:61:0f:01',
    })
    expect(claimsOf([own]).value('model')).toBe('Alaris PC Unit 8015')
  })

  test.each([
    ['intellivue', 'manufacturer', 'model', 'serial', 'software'],
    ['sdc', 'manufacturer', 'model', 'serial', 'firmware'],
    ['poct1a', 'vendor', 'model', 'serial', 'software'],
    ['phd', 'manufacturer', 'model', 'serial', 'firmware'],
    ['onvif', 'manufacturer', 'model', 'serial', 'firmware'],
    ['ipp', 'device-manufacturer', 'device-model', 'device-serial', 'firmware-version'],
  ])('believes what a device says of itself in %s', (protocol, maker, model, serial, version) => {
    const { value } = claimsOf([
      fact(`${protocol}.${maker}`, 'Philips'),
      fact(`${protocol}.${model}`, 'Vitalis 7'),
      fact(`${protocol}.${serial}`, 'DE22713007'),
      fact(`${protocol}.${version}`, '3.2.1'),
    ])
    expect(value('model')).toBe('Vitalis 7')
    expect(value('serial')).toBe('DE22713007')
    expect(value('firmware')).toBe('3.2.1')
    expect(value('manufacturer')).toBe('Philips')
  })

  test('does not take a record system for the devices that it lists', () => {
    const facts = ['SN000001', 'SN000002'].flatMap((serial, at) => [
      fact('fhir.device-serial', serial),
      fact('fhir.device-model', `Infuso ${at}`),
    ])
    const { value } = claimsOf(facts, [])
    expect(value('serial')).toBeUndefined()
    expect(value('model')).toBeUndefined()
  })

  test('takes fields that nobody filled in for nothing', () => {
    for (const empty of ['', 'N/A', 'unknown', 'To be filled by O.E.M.', '0000', '---'])
      expect(claimsOf([fact('snmp.ent-serial', empty)], []).claims).toEqual([])
  })

  test('does not flip for a little more evidence, but for much of it', () => {
    const printer = fact('host.name', 'unused')
    const hint = [
      fact('dhcp.hostname', 'prn-2'),
      { ...fact('lldp.capabilities', 'bridge'), first: 2000 },
    ]
    const typeOf = (facts: readonly ObservedFact[], type?: string) =>
      identify([printer, ...facts], knowledge, [], type === undefined ? {} : { type }).claims.find(
        ({ attribute }) => attribute === 'type',
      )
    // A name says printer, a capability says switch, as much: nobody can tell, so what stands stands.
    expect(typeOf(hint)).toBeUndefined()
    expect(typeOf(hint, 'printer')?.value).toBe('printer')
    expect(typeOf(hint, 'switch')?.value).toBe('switch')
    expect(typeOf(hint, 'printer')?.confidence).toBeLessThan(0.6)
    // What says much more displaces it, and what nobody says any more does not stand.
    const proof = [...hint, fact('cdp.platform', 'cisco WS-C2960-48PST-L')]
    expect(typeOf(proof, 'printer')?.value).toBe('switch')
    expect(typeOf(hint, 'ct')).toBeUndefined()
  })

  test('is the same for any order of the facts', () => {
    const facts = [
      fact('dhcp.vendor-class', 'MSFT 5.0'),
      fact('dhcp.hostname', 'BRILLIANCE-CT1'),
      fact('snmp.sys-name', 'ct-1'),
      fact('dicom.modality', 'CT'),
      fact('dicom.manufacturer', 'Philips'),
    ]
    expect(identify(facts.toReversed(), knowledge)).toEqual(identify(facts, knowledge))
  })

  test('gives the latest name of each source', () => {
    const { names } = identify(
      [
        fact('dhcp.hostname', 'old', { first: 1 }),
        fact('dhcp.hostname', 'new', { first: 2 }),
        fact('mdns.hostname', 'new.local'),
        fact('snmp.sys-name', 'localhost'),
      ],
      knowledge,
    )
    expect(names).toEqual({ dhcp: 'new', mdns: 'new.local' })
  })

  test('takes no name from what an archive passes on', () => {
    const station = fact('dicom.station-name', 'CT1')
    expect(identify([station], knowledge).names).toEqual({ dicom: 'CT1' })
    const facts = [station, fact('dicom.station-name', 'US2'), fact('dicom.ae-title', 'MAINPACS')]
    expect(identify(facts, knowledge).names).toEqual({ 'ae-title': 'MAINPACS' })
  })
})

describe('labelOf', () => {
  const claims = [
    { attribute: 'manufacturer', value: 'Philips' },
    { attribute: 'type', value: 'patient-monitor' },
  ] as const

  test.each([
    [
      'maker and model',
      [...claims, { attribute: 'model', value: 'IntelliVue MX450' }],
      { dhcp: 'bed1' },
      'Philips IntelliVue MX450 (bed1)',
    ],
    [
      'maker, model and serial number, which tells twins apart best',
      [
        ...claims,
        { attribute: 'model', value: 'IntelliVue MX450' },
        { attribute: 'serial', value: 'DE35174021' },
      ],
      { dhcp: 'bed1' },
      'Philips IntelliVue MX450 (DE35174021)',
    ],
    [
      'maker, model and address where the name repeats the model',
      [...claims, { attribute: 'model', value: 'IntelliVue MX450' }],
      { dhcp: 'MX450' },
      'Philips IntelliVue MX450 (10.0.0.5)',
    ],
    [
      'the model alone where it names its maker',
      [
        { attribute: 'manufacturer', value: 'Orthanc' },
        { attribute: 'model', value: 'Orthanc' },
      ],
      {},
      'Orthanc (10.0.0.5)',
    ],
    ['a name', claims, { mdns: 'bed1.local', dhcp: 'bed1' }, 'bed1'],
    ['maker and type', claims, {}, 'Philips patient monitor (10.0.0.5)'],
    [
      'a type as people write it',
      [{ attribute: 'type', value: 'hl7-engine' }],
      {},
      'HL7 engine (10.0.0.5)',
    ],
    ['the MAC', [], {}, MAC],
  ] as const)('is %s', (_what, said, names, label) => {
    expect(labelOf(said, names, ['10.0.0.5'], [MAC])).toBe(label)
  })

  test('is the address where nothing else is known', () => {
    expect(labelOf([], {}, ['10.0.0.5'], [])).toBe('10.0.0.5')
  })
})
