import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { testContext } from '../testing/facts.ts'
import { readMessage } from '../testing/facts.ts'
import { be16, bytesOf } from '../testing/frames.ts'
import {
  certificate,
  certificateMessage,
  CLIENT_HELLO,
  clientHello,
  ecKey,
  extension,
  SAMPLES,
  serverHello,
  serverNameOf,
  alpnOf,
  tlsRecord,
} from '../testing/samples/tls.ts'
import { der } from '../testing/der.ts'
import { tls } from './tls.ts'

const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')
const client = () => testContext({ serverPort: 443 })
const server = () => testContext({ serverPort: 443, from: 'server' })

function valuesOf(message: Uint8Array, context = client()): Record<string, string[]> {
  const values: Record<string, string[]> = {}
  for (const { field, value } of readMessage(tls, message, context).facts) {
    ;(values[field] ??= []).push(value)
  }
  return values
}

test('knows its samples by their content, and reads each to its end', () => {
  for (const { bytes, from } of SAMPLES.slice(0, 2)) {
    const read = readMessage(tls, bytes, testContext({ from }))
    expect(read).toMatchObject({ likeness: 'strong', length: bytes.length, isConsumed: true })
  }
})

test('a client is named by what it asks for and fingerprinted by how it asks', () => {
  const { facts } = readMessage(tls, tlsRecord(22, 0x0301, CLIENT_HELLO), client())
  const ciphers = hash('sha256', '002f,1301,c02f').slice(0, 12)
  const extensions = hash('sha256', '000a,000b,000d,002b_0403,0804').slice(0, 12)
  expect(facts).toEqual([
    { subject: 'server', field: 'tls.sni', value: 'updates.examplemed.example' },
    { subject: 'client', field: 'tls.contacts', value: 'updates.examplemed.example' },
    { subject: 'client', field: 'tls.alpn', value: 'h2,http/1.1' },
    { subject: 'client', field: 'tls.client-version', value: 'TLS 1.3' },
    {
      subject: 'client',
      field: 'tls.ja3',
      value: hash('md5', '771,4865-49199-47,0-10-11-16-13-43,29-23,0'),
    },
    { subject: 'client', field: 'tls.ja4', value: `t13d0306h2_${ciphers}_${extensions}` },
  ])
})

test.each([
  [104, 'dicom'],
  [2761, 'dicom'],
  [2762, 'dicom'],
  [11_112, 'dicom'],
  [2575, 'hl7'],
  [2576, 'hl7'],
])('a server that answers with TLS on %i has %s inside', (serverPort, inside) => {
  const told = (message: Uint8Array, from: 'client' | 'server', port = serverPort) => {
    const context = testContext({ serverPort: port, from })
    const facts = valuesOf(message, context)
    return [context.carried, facts['dicom.transport'], facts['hl7.transport']]
  }
  const hello = tlsRecord(22, 0x0303, serverHello(0x1301, []))
  const other = inside === 'dicom' ? [['tls'], undefined] : [undefined, ['tls']]
  expect(told(hello, 'server')).toEqual([[inside], ...other])
  const nothing = [[], undefined, undefined]
  expect(told(hello, 'server', 443)).toEqual(nothing)
  expect(told(tlsRecord(22, 0x0301, CLIENT_HELLO), 'client')).toEqual(nothing)
  const web = tlsRecord(22, 0x0303, serverHello(0xc02f, [alpnOf('h2')]))
  expect(told(web, 'server')).toEqual(nothing)
  const dicom = tlsRecord(22, 0x0303, serverHello(0xc02f, [alpnOf('dicom')]))
  expect(told(dicom, 'server', 443)).toEqual([['dicom'], ['tls'], undefined])
})

test.each([
  [['h2', 'http/1.1'], []],
  [['dicom'], ['dicom']],
  [[], ['dicom']],
])('TLS 1.3 on 11112 whose client offers %j has %j inside', (offered, inside) => {
  const extensions = offered.length === 0 ? [] : [alpnOf(...offered)]
  const { carried } = converse(
    tls,
    [
      ['client', tlsRecord(22, 0x0301, clientHello([0x1301], extensions))],
      ['server', tlsRecord(22, 0x0303, serverHello(0x1301, []))],
    ],
    { serverPort: 11_112 },
  )
  expect(carried).toEqual(inside)
})

test.each([
  ['a relay of AnyDesk', serverNameOf('relay-1a2b.net.anydesk.com'), ['anydesk']],
  ['what AnyDesk offers', alpnOf('anydesk/6.2.0/linux'), ['anydesk']],
  ['the site of AnyDesk', serverNameOf('download.anydesk.com'), []],
  ['a router of TeamViewer', serverNameOf('Router12.teamviewer.com'), ['teamviewer']],
  ['the site of TeamViewer', serverNameOf('www.teamviewer.com'), []],
  ['a name that only ends alike', serverNameOf('x.notteamviewer.com'), []],
])('a client that names %s', (_case, extended, carried) => {
  const context = testContext({ serverPort: 443 })
  const hello = tlsRecord(22, 0x0301, clientHello([0x002f], [extended]))
  expect(readMessage(tls, hello, context).isConsumed).toBe(true)
  expect(context.carried).toEqual(carried)
})

test.each([
  ['client', 'AnyDesk Client', ['anydesk']],
  ['server', 'AnyNet Relay', ['anydesk']],
  ['client', 'Jane Client', []],
] as const)('a %s with a certificate for %s', (from, subject, carried) => {
  const context = testContext({ serverPort: 6568, from })
  const message = tlsRecord(22, 0x0303, certificateMessage(certificate({ subject })))
  const values = valuesOf(message, context)
  expect(context.carried).toEqual(carried)
  const shown = carried.length > 0 ? [subject] : undefined
  expect(values['tls.certificate-subject-cn']).toEqual(shown)
})

test.each([
  ['no extensions', clientHello([0x002f], [], 0x0301), /^t10i010000_[0-9a-f]{12}_000000000000$/],
  ['no ciphers', clientHello([], [extension(23)]), /^t12i000100_000000000000_/],
  ['a one-letter protocol', clientHello([5], [alpnOf('x')]), /^t12i0101xx_/],
  ['a protocol of punctuation', clientHello([5], [alpnOf('-.')]), /^t12i01012e_/],
  ['a protocol beyond ASCII', clientHello([5], [alpnOf('\u00ff\u00fe')]), /^t12i010199_/],
  ['a GREASE protocol list', clientHello([5], [alpnOf('h2')], 0x7f1c), /^t00i0101h2_/],
])('JA4 of a hello with %s', (_case, hello, expected) => {
  expect(valuesOf(tlsRecord(22, 0x0301, hello))['tls.ja4']?.[0]).toMatch(expected)
})

test('the negotiated version is the one of the extension when there is one', () => {
  const hello = serverHello(0x1301, [extension(43, be16(0x0304))])
  expect(valuesOf(tlsRecord(22, 0x0303, hello), server())).toMatchObject({
    'tls.version': ['TLS 1.3'],
    'tls.cipher': ['0x1301'],
    'tls.ja3s': [hash('md5', '771,4865,43')],
  })
})

test('old versions and broken ciphers are named as such', () => {
  const values = valuesOf(tlsRecord(22, 0x0301, serverHello(0x0005, [], 0x0301)), server())
  expect(values).toMatchObject({ 'tls.version': ['TLS 1.0'], 'tls.weak-cipher': ['RC4'] })
})

test('a hello in the form of SSL 2.0 says which version it offers', () => {
  const sample = SAMPLES[3]!.bytes
  expect(readMessage(tls, sample)).toMatchObject({ likeness: 'strong', length: sample.length })
  expect(valuesOf(sample)).toEqual({ 'tls.client-version': ['TLS 1.0'], 'tls.hello': ['SSL 2.0'] })
})

test('a certificate says who it is for, who made it and until when it holds', () => {
  const der = certificate({ names: ['pump.example'] })
  const values = valuesOf(tlsRecord(22, 0x0303, certificateMessage(der)), server())
  expect(values).toEqual({
    'tls.certificate-subject-cn': ['pump-0815.ward3.example'],
    'tls.certificate-subject-o': ['Examplemed GmbH'],
    'tls.certificate-subject-ou': ['Infusion'],
    'tls.certificate-issuer-cn': ['pump-0815.ward3.example'],
    'tls.certificate-issuer-o': ['Examplemed GmbH'],
    'tls.certificate-san': ['pump.example', '10.0.0.7'],
    'tls.certificate-serial': ['cafe'],
    'tls.certificate-not-before': ['2015-01-02T03:04:05Z'],
    'tls.certificate-not-after': ['2052-01-02T03:04:05Z'],
    'tls.certificate-self-signed': ['yes'],
    'tls.certificate-key': ['RSA 1024'],
    'tls.certificate-signature': ['RSA with SHA-1'],
    'tls.certificate-sha256': [createHash('sha256').update(der).digest('hex')],
    'tls.certificate-chain': ['1'],
  })
})

test('the authorities behind a certificate are named, and what is weak of them', () => {
  const own = certificate({ issuer: 'Ward CA', key: ecKey })
  const between = certificate({ subject: 'Ward CA', issuer: 'Old Root', key: ecKey })
  const root = certificate({ subject: 'Old Root' })
  const chain = certificateMessage(own, between, root)
  const values = valuesOf(tlsRecord(22, 0x0303, chain), server())
  expect(values).toMatchObject({
    'tls.certificate-subject-cn': ['pump-0815.ward3.example'],
    'tls.certificate-chain': ['3'],
    'tls.certificate-chain-cn': ['Ward CA', 'Old Root'],
    // The key of the root is short; how it signed itself does not matter.
    'tls.certificate-chain-weak': ['RSA with SHA-1', 'RSA 1024'],
  })
})

test('who stands behind a certificate without having issued it is not named', () => {
  const own = certificate({ issuer: 'Ward CA', key: ecKey })
  const other = certificate({ subject: 'Dr. DOE JANE', issuer: 'Staff CA' })
  const values = valuesOf(tlsRecord(22, 0x0303, certificateMessage(own, other)), server())
  expect(JSON.stringify(values)).not.toContain('JANE')
  expect(values['tls.certificate-chain']).toEqual(['2'])
})

test('of a chain that is longer than any, or cut short, no more is read', () => {
  const one = certificate({ subject: 'Ward CA', key: ecKey })
  const long = certificateMessage(...Array.from({ length: 12 }, () => one))
  const count = (message: Uint8Array) =>
    valuesOf(tlsRecord(22, 0x0303, message), server())['tls.certificate-chain']
  expect(count(long)).toEqual(['7'])
  const lying = certificateMessage(one, one)
  lying[7 + one.length + 5]! += 1
  expect(count(lying)).toEqual(['1'])
})

test('a certificate of another issuer is not self-signed; old centuries and curves are read', () => {
  const one = certificate({ issuer: 'Ward CA', key: ecKey, notBefore: der(0x17, '991231235959Z') })
  const values = valuesOf(tlsRecord(22, 0x0303, certificateMessage(one)), server())
  expect(values['tls.certificate-self-signed']).toBeUndefined()
  expect(values['tls.certificate-key']).toEqual(['EC P-256'])
  expect(values['tls.certificate-not-before']).toEqual(['1999-12-31T23:59:59Z'])
})

test('the name on the card of a person who signs in is not read', () => {
  const card = certificate({ subject: 'DOE JANE 1234', issuer: 'Staff CA' })
  const values = valuesOf(tlsRecord(22, 0x0303, certificateMessage(card, card)), client())
  expect(JSON.stringify(values)).not.toContain('JANE')
  expect(values['tls.certificate-issuer-cn']).toEqual(['Staff CA'])
})

test('a handshake message may be spread over records at any place', () => {
  const message = certificateMessage(certificate())
  for (const cut of [1, 3, 4, 100, message.length - 1]) {
    const context = server()
    const first = readMessage(tls, tlsRecord(22, 0x0303, message.subarray(0, cut)), context)
    expect(first.facts).toEqual([])
    const second = readMessage(tls, tlsRecord(22, 0x0303, message.subarray(cut)), context)
    expect(second.facts.length).toBeGreaterThan(10)
  }
})

test('nothing is read once the direction is encrypted', () => {
  const context = server()
  readMessage(tls, tlsRecord(20, 0x0303, 1), context)
  const later = tlsRecord(22, 0x0303, serverHello(0x002f, []))
  expect(readMessage(tls, later, context).facts).toEqual([])
})

test.each([
  ['another protocol', 'GET / HTTP/1.1\r\n', 'no', -1],
  ['a record of no known version', bytesOf([22, 9, 9, 0, 5, 1, 0, 0, 1, 0]), 'no', -1],
  ['the first bytes of a hello', bytesOf([22, 3, 1]), 'incomplete', 0],
  ['a record longer than any may be', bytesOf([23, 3, 3, 0xff, 0xff, 0]), 'no', -1],
  ['a whole record of data', bytesOf([23, 3, 3, 0, 2, 1, 2]), 'strong', 7],
  ['the start of a record of data', bytesOf([23, 3, 3, 0, 9, 1, 2]), 'weak', 14],
  ['an encrypted alert', [21, 3, 3, 0, 32, ...new Uint8Array(32)], 'strong', 37],
  ['an alert that is not all', [21, 3, 3, 0, 32, ...new Uint8Array(30)], 'weak', 37],
])('%s', (_case, message, likeness, length) => {
  expect(readMessage(tls, bytesOf(message))).toMatchObject({ likeness, length })
})
