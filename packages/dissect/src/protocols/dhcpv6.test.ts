import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { address, be32, bytesOf } from '../testing/frames.ts'
import { dhcpv6Message, option, relayed, REPLY, SOLICIT } from '../testing/samples/dhcpv6.ts'
import { dhcpv6 } from './dhcpv6.ts'

const duid = '000100010000002a0009fb123456'
const said = (message: Uint8Array, from: 'client' | 'server' = 'client') =>
  readMessage(dhcpv6, message, testContext({ from, serverPort: 547 })).facts.map(
    ({ subject, field, value }) => {
      const who = typeof subject === 'string' ? subject : `${subject.mac ?? ''} ${subject.ip}`
      return `${who.trim()} ${field.slice('dhcpv6.'.length)}=${value}`
    },
  )

const CLIENT_SAYS = [
  'message-type=solicit',
  'options=1,6,16,39,112',
  `duid=${duid}`,
  'duid-mac=00:09:fb:12:34:56',
  'parameter-list=23,24,39',
  'vendor-enterprise=311',
  'vendor-class=MSFT 5.0',
  'fqdn=ct-2.hospital.example',
  'mud-url=https://mud.example/ct',
]

test('a client says who it is', () => {
  expect(said(SOLICIT)).toEqual(CLIENT_SAYS.map((fact) => `client ${fact}`))
})

test('behind a relay it is known by what the relay says of it', () => {
  const who = '00:09:fb:12:34:56 fe80::31'
  expect(said(relayed(12, SOLICIT))).toEqual(
    ['interface-id=ge-0/0/7', ...CLIENT_SAYS].map((fact) => `${who} ${fact}`),
  )
})

test('a reply gives the receiver an address, unless its time is over', () => {
  expect(said(REPLY, 'server')).toEqual([
    'server message-type=reply',
    'server name-servers=2001:db8::53',
    'client address=2001:db8::31',
    `2001:db8::31 duid=${duid}`,
    '2001:db8::31 duid-mac=00:09:fb:12:34:56',
  ])
})

test('a temporary address is an address', () => {
  const address6 = option(5, address('2001:db8::99'), be32(60), be32(60))
  const message = dhcpv6Message(7, option(4, be32(7), address6), option(25, be32(7)))
  expect(said(message, 'server')).toContain('client address=2001:db8::99')
})

test('a relayed reply is about the client, not the relay', () => {
  const facts = said(relayed(13, REPLY), 'server')
  expect(facts).toContain('00:09:fb:12:34:56 fe80::31 address=2001:db8::31')
  expect(facts.some((fact) => /^(server|client) /.test(fact))).toBe(false)
})

test('a name may be cut off before its domain', () => {
  expect(said(dhcpv6Message(1, option(39, 0, 4, 'ct-2')))).toContain('client fqdn=ct-2')
})

test('what is asked and answered about the lease of another is told of neither end', () => {
  // Who asks has a DUID, too; whose lease it is stands inside of an option (RFC 5007 §4.1).
  const about = option(
    45,
    option(1, 'duid'),
    option(5, address('2001:db8::31'), be32(60), be32(60)),
  )
  expect(said(dhcpv6Message(14, option(1, 'asker'), option(44, 1, new Uint8Array(16))))).toEqual([
    'client message-type=leasequery',
  ])
  expect(said(dhcpv6Message(15, option(1, 'asker'), about), 'server')).toEqual([
    'server message-type=leasequery-reply',
  ])
})

test('relays within relays come to an end', () => {
  let message = SOLICIT
  for (let depth = 0; depth < 20; depth++) message = relayed(12, message)
  expect(said(message).some((fact) => fact.includes('message-type'))).toBe(false)
})

test.each([
  ['a message', SOLICIT, 547, 'strong'],
  ['a relayed one', relayed(12, SOLICIT), 547, 'strong'],
  ['a question for a lease', dhcpv6Message(14, option(1, 'asker')), 547, 'strong'],
  ['on another port', SOLICIT, 9999, 'no'],
  ['with a length that lies', bytesOf(SOLICIT, 0), 547, 'no'],
  ['of an unknown type', bytesOf(77, SOLICIT.subarray(1)), 547, 'no'],
])('%s: %s', (_case, message, serverPort, likeness) => {
  expect(readMessage(dhcpv6, message, testContext({ serverPort })).likeness).toBe(likeness)
})
