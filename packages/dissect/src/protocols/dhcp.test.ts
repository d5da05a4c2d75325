import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { address, be16, be32, bytesOf } from '../testing/frames.ts'
import { ACK, dhcpMessage, DISCOVER, option } from '../testing/samples/dhcp.ts'
import { dhcp } from './dhcp.ts'

const mac = '00:09:fb:12:34:56'
const fromServer = () => testContext({ from: 'server', serverPort: 67 })
const valueOf = (message: Uint8Array, field: string, context = testContext()) =>
  readMessage(dhcp, message, context).facts.find((fact) => fact.field === field)?.value

test('a client says who it is', () => {
  const { facts, likeness, isConsumed } = readMessage(dhcp, DISCOVER)
  expect(likeness).toBe('strong')
  expect(isConsumed).toBe(true)
  expect(facts.every(({ subject }) => typeof subject === 'object' && subject.mac === mac)).toBe(
    true,
  )
  expect(Object.fromEntries(facts.map(({ field, value }) => [field, value]))).toEqual({
    'dhcp.message-type': 'discover',
    'dhcp.options': '53,61,12,60,81,50,57,55,97,125',
    'dhcp.parameter-list': '1,3,6,15,51',
    'dhcp.vendor-class': 'PHILIPS MX800',
    'dhcp.hostname': 'MX800-ICU-07',
    'dhcp.fqdn': 'mx800-icu-07.hospital.example',
    'dhcp.requested-address': '10.4.0.31',
    'dhcp.max-message-size': '1500',
    'dhcp.client-id': '01:00:09:fb:12:34:56',
    'dhcp.client-uuid': '03020100-0504-0706-0809-0a0b0c0d0e0f',
    'dhcp.vendor-oui': '0009FB',
    'dhcp.serial': 'DE1234567',
  })
})

test('an acknowledgement binds address and MAC, and shows what the server hands out', () => {
  expect(readMessage(dhcp, ACK, fromServer()).facts).toEqual([
    { subject: 'server', field: 'dhcp.message-type', value: 'ack' },
    { subject: 'server', field: 'dhcp.router', value: '10.4.0.1' },
    { subject: 'server', field: 'dhcp.name-servers', value: '10.0.0.53,10.0.1.53' },
    { subject: 'server', field: 'dhcp.domain', value: 'hospital.example' },
    { subject: { mac, ip: '10.4.0.31' }, field: 'dhcp.address', value: '10.4.0.31' },
    { subject: { mac, ip: '10.4.0.31' }, field: 'dhcp.lease-time', value: '86400' },
    { subject: { mac, ip: '10.4.0.31' }, field: 'dhcp.server-id', value: '10.4.0.2' },
  ])
})

test.each([
  ['dhcp.time-servers', option(42, address('10.0.0.123')), '10.0.0.123'],
  ['dhcp.boot-server', option(66, 'tftp.example'), 'tftp.example'],
  ['dhcp.boot-file', option(67, 'pump.bin'), 'pump.bin'],
])('a server hands out %s', (field, handedOut, value) => {
  const message = dhcpMessage({ operation: 2, options: [option(53, 2), handedOut] })
  expect(valueOf(message, field, fromServer())).toBe(value)
})

test('an offer binds nothing yet', () => {
  const offer = dhcpMessage({ operation: 2, assigned: '10.4.0.31', options: [option(53, 2)] })
  expect(valueOf(offer, 'dhcp.address', fromServer())).toBeUndefined()
})

test('a client that already has an address is named with it', () => {
  const renewal = dhcpMessage({ current: '10.4.0.31', options: [option(53, 3)] })
  expect(readMessage(dhcp, renewal).facts[0]?.subject).toEqual({ mac, ip: '10.4.0.31' })
})

test('a relayed request is about the client, its place and the relay, not the sender', () => {
  const where = option(82, option(1, 'ge-0/0/7'), option(2, [0xde, 0xad]))
  const request = dhcpMessage({ relay: '10.9.0.1', options: [option(53, 3), where] })
  const { facts } = readMessage(dhcp, request)
  expect(facts.some(({ subject }) => typeof subject === 'string')).toBe(false)
  expect(facts).toContainEqual({ subject: { mac }, field: 'dhcp.circuit-id', value: 'ge-0/0/7' })
  expect(facts).toContainEqual({ subject: { mac }, field: 'dhcp.remote-id', value: 'de:ad' })
  expect(facts.at(-1)).toEqual({
    subject: { ip: '10.9.0.1' },
    field: 'dhcp.relay-agent',
    value: '10.9.0.1',
  })
})

test('a relayed answer is about the server that it names, not the relay that sends it', () => {
  const answer = dhcpMessage({
    operation: 2,
    relay: '10.9.0.1',
    options: [option(53, 5), option(54, address('10.4.0.2'))],
  })
  const [first] = readMessage(dhcp, answer, fromServer()).facts
  expect(first?.subject).toEqual({ ip: '10.4.0.2' })
})

test('options go on in the file and server name fields', () => {
  const message = dhcpMessage({
    file: bytesOf(option(12, 'from-file'), 255),
    name: bytesOf(option(60, 'from-name'), 255),
    options: [option(53, 1), option(52, 3)],
  })
  expect(valueOf(message, 'dhcp.hostname')).toBe('from-file')
  expect(valueOf(message, 'dhcp.vendor-class')).toBe('from-name')
  expect(valueOf(message, 'dhcp.options')).toBe('53,52,12,60')
})

test('the file field is a file name unless option 52 says otherwise', () => {
  const file = bytesOf(option(12, 'from-file'), 255)
  expect(valueOf(dhcpMessage({ file, options: [option(53, 1)] }), 'dhcp.hostname')).toBeUndefined()
})

test('padding between options is no option', () => {
  const message = dhcpMessage({ options: [option(53, 1), bytesOf(0, 0), option(12, 'ct-2')] })
  expect(valueOf(message, 'dhcp.options')).toBe('53,12')
})

test('a long option comes in parts', () => {
  const message = dhcpMessage({ options: [option(53, 1), option(60, 'one '), option(60, 'two')] })
  expect(valueOf(message, 'dhcp.vendor-class')).toBe('one two')
})

test('a name may be in DNS labels', () => {
  const name = option(81, [4, 0, 0], 4, 'pump', 3, 'icu', 0)
  expect(valueOf(dhcpMessage({ options: [name] }), 'dhcp.fqdn')).toBe('pump.icu')
})

test('a client id after RFC 4361 carries the DUID', () => {
  const id = option(61, 255, be32(7), be16(3), be16(1), address(mac))
  expect(valueOf(dhcpMessage({ options: [id] }), 'dhcp.duid')).toBe('000300010009fb123456')
})

test('BOOTP without a cookie is believed only together with its port', () => {
  const bootp = dhcpMessage({ cookie: 0, options: [new Uint8Array(80)] })
  expect(readMessage(dhcp, bootp).likeness).toBe('weak')
  expect(valueOf(bootp, 'dhcp.message-type')).toBe('bootp')
})

test('what is too short or has another operation is not its own', () => {
  expect(readMessage(dhcp, DISCOVER.subarray(0, 235)).likeness).toBe('no')
  expect(readMessage(dhcp, bytesOf(3, DISCOVER.subarray(1))).likeness).toBe('no')
})

test('an option that is cut short is left out, and the message is broken', () => {
  const { facts, isConsumed } = readMessage(dhcp, DISCOVER.subarray(0, 240 + 3 + 9 + 6))
  expect(isConsumed).toBe(false)
  expect(facts.map((fact) => fact.field)).toEqual([
    'dhcp.message-type',
    'dhcp.options',
    'dhcp.client-id',
  ])
})
