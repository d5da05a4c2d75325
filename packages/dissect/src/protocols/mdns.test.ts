import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { dnsMessage, record, strings } from '../testing/samples/dns.ts'
import { ANNOUNCEMENT, PROBE, REFLECTED } from '../testing/samples/mdns.ts'
import { mdns } from './mdns.ts'

const said = (message: Uint8Array) =>
  readMessage(mdns, message).facts.map(({ subject, field, value }) => {
    const who = typeof subject === 'string' ? subject : subject.ip
    return `${who} ${field}=${value}`
  })

test('a device announces its name, services and model', () => {
  expect(said(ANNOUNCEMENT)).toEqual([
    'client mdns.service=_ipp._tcp',
    'client mdns.service=_ipp._tcp',
    'client mdns.service=_ipp._tcp',
    'client mdns.instance=Ward 3 Labels',
    'client mdns.service=_ipp._tcp',
    'client mdns.instance=Ward 3 Labels',
    'client mdns.txt.ty=Zebra ZT411',
    'client mdns.txt.usb-mfg=Zebra',
    'client mdns.txt.usb-mdl=ZT411',
    '10.3.0.9 mdns.hostname=zt411-w3.local',
    'client mdns.hostname=zt411-w3.local',
    'fe80::9 mdns.hostname=zt411-w3.local',
    'client mdns.hostname=zt411-w3.local',
  ])
})

test('a TXT key that nobody needs stays unread', () => {
  expect(said(ANNOUNCEMENT).join()).not.toContain('1234')
})

test('several hosts in one message are kept apart, and apart from the sender', () => {
  expect(said(REFLECTED)).toEqual([
    '10.3.0.20 mdns.service=_airplay._tcp',
    '10.3.0.20 mdns.instance=TV',
    '10.3.0.20 mdns.txt.model=AppleTV6,2',
    '10.3.0.21 mdns.service=_rtsp._tcp',
    '10.3.0.21 mdns.instance=Cam',
    '10.3.0.21 mdns.txt.md=P3245',
    '10.3.0.20 mdns.hostname=tv.local',
    '10.3.0.21 mdns.hostname=cam.local',
  ])
})

test('a probe tells what is looked for and the name to be claimed, not what others have', () => {
  expect(said(PROBE)).toEqual([
    'client mdns.query=_hue._tcp',
    'client mdns.query=_ipp._tcp',
    '10.3.0.9 mdns.hostname=zt411-w3.local',
    'client mdns.hostname=zt411-w3.local',
  ])
})

test('host information gives hardware and system', () => {
  const message = dnsMessage({
    flags: 0x8400,
    answers: [record('ws.local', 13, strings('X86_64', 'LINUX'))],
  })
  expect(said(message)).toEqual(['client mdns.hardware=X86_64', 'client mdns.os=LINUX'])
})

test('belongs to its port', () => {
  expect(readMessage(mdns, ANNOUNCEMENT).likeness).toBe('strong')
  expect(readMessage(mdns, ANNOUNCEMENT, testContext({ serverPort: 53 })).likeness).toBe('no')
})

test('one message gives a bounded number of facts', () => {
  const many = Array.from({ length: 250 }, () => record('a.local', 16, strings('md=1', 'ty=2')))
  expect(said(dnsMessage({ flags: 0x8400, answers: many }))).toHaveLength(128)
})
