import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf, hex, type Said } from '../testing/frames.ts'
import {
  CHOICE,
  encodedName,
  OFFER,
  OLD_CHOICE,
  OLD_OFFER,
  OLD_SETUP,
  OLD_SETUP_ANSWER,
  SAMPLES,
  session,
  SETUP_ANSWER,
  SETUP_REQUEST,
  smb1,
  wide,
} from '../testing/samples/smb.ts'
import { smb } from './smb.ts'

const lines = (...said: readonly Said[]) => converse(smb, said).lines

test('every sample is known by its content and read to its end', () => {
  for (const { bytes, from } of SAMPLES) {
    const read = readMessage(smb, bytes, testContext({ from }))
    expect(read).toMatchObject({ likeness: 'strong', length: bytes.length, isConsumed: true })
  }
})

test('SMB 1 is named with the dialect that both agreed on', () => {
  expect(lines(['client', OLD_OFFER], ['server', OLD_CHOICE])).toEqual([
    'client smb.offers PC NETWORK PROGRAM 1.0, LANMAN1.0, NT LM 0.12',
    'server smb.dialect SMB 1 (NT LM 0.12)',
    'server smb.signing not required',
  ])
  // Met in the middle, the form of the answer still says as much.
  expect(lines(['server', OLD_CHOICE])).toContain('server smb.dialect SMB 1 (NT LM 0.12)')
})

test('SMB 2 and 3 tell dialect, signing and an identifier that lasts', () => {
  expect(lines(['client', OFFER], ['server', CHOICE])).toEqual([
    'client smb.offers SMB 2.1, SMB 3.1.1',
    'client smb.guid 04030201-0605-0807-090a-0b0c0d0e0f10',
    'server smb.dialect SMB 3.1.1',
    'server smb.signing required',
    'server smb.guid 04030201-0605-0807-090a-0b0c0d0e0f10',
  ])
})

test('NTLM names both machines and the version of their systems, not the user', () => {
  const found = lines(['server', SETUP_ANSWER], ['client', SETUP_REQUEST])
  expect(found).toEqual([
    'server ntlm.netbios-domain WARD',
    'server ntlm.netbios-computer CTCONSOLE',
    'server ntlm.dns-domain ward.example',
    'server ntlm.dns-computer ctconsole.ward.example',
    'server ntlm.dns-forest example',
    'server ntlm.os-version 10.0.19041',
    'server smb.session guest',
    'client ntlm.workstation NURSE-PC7',
    'client ntlm.os-version 10.0.19041',
  ])
})

test('an old session setup tells both systems, and steps over the account', () => {
  expect(lines(['client', OLD_SETUP], ['server', OLD_SETUP_ANSWER])).toEqual([
    'client smb.domain WARD',
    'client smb.native-os Windows 5.1',
    'client smb.native-lan-manager Windows 2000 LAN Manager',
    'server smb.session guest',
    'server smb.native-os Windows 5.1',
    'server smb.native-lan-manager Windows 2000 LAN Manager',
    'server smb.domain WARD',
  ])
})

test('strings of one byte each are read too', () => {
  const setup = smb1(0x73, true, 3, new Uint8Array(6), [9, 0], 'Unix\0Samba 3.0.20\0WARD\0')
  setup[4 + 11] = 0
  expect(lines(['server', setup])).toContain('server smb.native-lan-manager Samba 3.0.20')
})

test('a session request names both ends, unless it calls for whoever listens', () => {
  const named = session(0x81, encodedName('CTCONSOLE'), encodedName('NURSE-PC7'))
  expect(lines(['client', named])).toEqual([
    'server smb.netbios-name CTCONSOLE',
    'client smb.netbios-name NURSE-PC7',
  ])
  const anyone = session(0x81, encodedName('*SMBSERVER'), encodedName('NURSE-PC7'))
  expect(lines(['client', anyone])).toEqual(['client smb.netbios-name NURSE-PC7'])
})

test('nobody who signs in, and no share of theirs, reaches a fact', () => {
  const all = SAMPLES.map(({ from, bytes }): Said => [from, bytes])
  expect(lines(...all).join('\n')).not.toContain('PLANTED')
  expect(lines(...all)).toContain('client smb.share IPC$')
  expect(lines(...all)).toContain('client smb.encryption SMB 3')
})

test('an old challenge without a revision tells no version', () => {
  const old = bytesOf(
    'NTLMSSP\0',
    hex('01000000 07820002 0000 0000 20000000 0000 0000 20000000'),
    wide('LABS'),
  )
  const message = smb1(0x73, false, 12, new Uint8Array(24), old)
  expect(lines(['client', message]).join()).not.toContain('ntlm')
})

test.each([
  ['a header alone', bytesOf(0, 0, 0, 40), 'incomplete', 44],
  ['zeros', new Uint8Array(40), 'no', 4],
  ['another mark', session(0, 'XSMBxxxxxxxx'), 'no', -1],
  ['text', bytesOf('GET / HTTP/1.1\r\n'), 'no', -1],
  ['a keep-alive', bytesOf(0x85, 0, 0, 0), 'weak', 4],
] as const)('%s', (_case, message, likeness, length) => {
  expect(readMessage(smb, message)).toMatchObject({ likeness, length })
})
