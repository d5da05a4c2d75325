import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  CREATE_SESSION,
  ENDPOINTS,
  HELLO,
  open,
  opcMessage,
  SERVERS,
  SESSION_CREATED,
  STATUS,
  WRITE,
} from '../testing/samples/opc-ua.ts'
import { opcUa } from './opc-ua.ts'

const CHILLER = [
  'server opc-ua.application-uri urn:Chiller',
  'server opc-ua.product-uri urn:vendor:product',
  'server opc-ua.application-name Chiller',
  'server opc-ua.application-type server',
]
const ENDPOINT = [
  ...CHILLER,
  'server opc-ua.endpoint opc.tcp://chiller:4840/',
  'server opc-ua.offers none, None',
  'server opc-ua.login anonymous',
  'server opc-ua.login user name',
]

test.each([Infinity, 13])('tells both applications and the endpoint, in pieces of %d', (piece) => {
  const { lines } = converse(
    opcUa,
    [
      ['client', HELLO],
      ['client', open('None')],
      ['client', CREATE_SESSION],
      ['server', SESSION_CREATED],
      ['client', WRITE],
    ],
    {},
    piece,
  )
  expect(lines).toEqual([
    'server opc-ua.endpoint opc.tcp://chiller:4840',
    'client opc-ua.security-policy None',
    'client opc-ua.service create-session',
    'client opc-ua.application-uri urn:Historian',
    'client opc-ua.product-uri urn:vendor:product',
    'client opc-ua.application-name Historian',
    'client opc-ua.application-type client',
    ...ENDPOINT,
    'client opc-ua.service write',
  ])
})

test('reads discovery and the build of the server', () => {
  expect(converse(opcUa, [['server', SERVERS]]).lines).toEqual(CHILLER)
  expect(converse(opcUa, [['server', ENDPOINTS]]).lines).toEqual([...ENDPOINT, ...ENDPOINT])
  expect(converse(opcUa, [['server', STATUS]]).lines).toEqual([
    'server opc-ua.product-uri urn:vendor:product',
    'server opc-ua.manufacturer Vendor AG',
    'server opc-ua.product-name ChillPLC',
    'server opc-ua.software-version 1.4.2',
    'server opc-ua.build-number 77',
  ])
})

test('reads nothing behind a policy that encrypts', () => {
  const { lines } = converse(opcUa, [
    ['client', open('Basic256Sha256')],
    ['client', CREATE_SESSION],
  ])
  expect(lines).toEqual(['client opc-ua.security-policy Basic256Sha256'])
})

test.each([
  ['a hello', HELLO, 'strong'],
  ['its first bytes', HELLO.slice(0, 5), 'incomplete'],
  ['text', bytesOf('HELO mail.example.org\r\n'), 'no'],
  ['a message of impossible length', opcMessage('MSGF').fill(0xff, 4), 'no'],
] as const)('%s', (_case, message, likeness) => {
  expect(readMessage(opcUa, message).likeness).toBe(likeness)
})
