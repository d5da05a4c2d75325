import { expect, test } from 'vitest'
import { pcap } from '../testing/captures.ts'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf, hex, type Said, tcpFrames } from '../testing/frames.ts'
import { observe } from '../testing/observe.ts'
import {
  BINARY,
  frame,
  LONG,
  masked,
  PING,
  TEXT,
  UPGRADE,
  upgraded,
} from '../testing/samples/websocket.ts'
import { http } from './http.ts'
import { protocolOfSubprotocol, subprotocolName, websocket } from './websocket.ts'

const seen = (...said: readonly Said[]) =>
  observe(pcap(tcpFrames({ server: { port: 40_404 } }, said)))[0]

test('frames tell their kind, and their payload is let go by', () => {
  const said: Said[] = [
    ['client', TEXT],
    ['server', PING],
    ['server', LONG],
    ['server', BINARY],
    ['server', frame(1, 'x'.repeat(70_000))],
    ['server', BINARY],
  ]
  for (const piece of [Infinity, 1, 9]) {
    expect(converse(websocket, said, {}, piece).lines).toEqual([
      'client websocket.payload text',
      'server websocket.payload binary',
      'server websocket.payload binary',
      'server websocket.payload text',
      'server websocket.payload binary',
    ])
  }
})

test('after an upgrade the flow has its name, and what the subprotocol carries beside it', () => {
  const flow = seen(
    ['client', UPGRADE],
    ['server', upgraded('Sec-WebSocket-Protocol: mqtt')],
    ['client', TEXT],
  )
  expect(flow).toMatchObject({ protocol: 'websocket', also: ['mqtt', 'http'] })
  expect(flow?.values.get('websocket.subprotocol')).toEqual(['mqtt'])
  expect(flow?.values.get('websocket.payload')).toEqual(['text'])
})

test('only what the server chose is a subprotocol, and only if it is known', () => {
  const told = (...fields: readonly string[]) =>
    converse(http, [
      ['client', UPGRADE],
      ['server', upgraded(...fields)],
    ]).lines.filter((line) => line.includes('websocket.'))
  expect(told()).toEqual([])
  expect(told('Sec-WebSocket-Protocol: PLANTED')).toEqual([])
  expect(told('Sec-WebSocket-Protocol: ocpp2.0.1')).toEqual([
    'server websocket.subprotocol ocpp2.0.1',
  ])
})

test.each([
  ['planted.jane', undefined, undefined],
  ['mqttv3.1', 'mqttv3.1', 'mqtt'],
  ['opcua+uacp', 'opcua+uacp', 'opc-ua'],
  ['v12.stomp', 'v12.stomp', 'stomp'],
  ['soap', 'soap', undefined],
  ['4509a320-00a0-008f', undefined, undefined],
  ['a1b2c3d4e5', undefined, undefined],
  ['x'.repeat(41), undefined, undefined],
])('%s as a subprotocol', (text, name, protocol) => {
  expect(subprotocolName(text)).toBe(name)
  expect(protocolOfSubprotocol(text)).toBe(protocol)
})

test('in the middle of a flow it is known by texts of the client alone', () => {
  expect(seen(['client', TEXT])?.protocol).toBeUndefined()
  expect(seen(['client', TEXT], ['server', BINARY])?.protocol).toBe('websocket')
  expect(seen(['server', LONG], ['server', BINARY])?.protocol).toBeUndefined()
})

const text = (length: number) => masked(1, 'a'.repeat(length))
test.each([
  ['a masked text', TEXT, 'weak'],
  ['a long one, whole', text(300), 'weak'],
  ['one that ends before its length', TEXT.subarray(0, -1), 'no'],
  ['one too short to prove anything', text(15), 'no'],
  ['a text that is none under its mask', masked(1, '\x01'.repeat(20)), 'no'],
  ['a text without a mask', frame(1, 'a'.repeat(20)), 'no'],
  ['a length not in its shortest form', bytesOf(hex('81fe0014'), new Uint8Array(24)), 'no'],
])('%s is %s', (_case, bytes, likeness) => {
  expect(readMessage(websocket, bytes).likeness).toBe(likeness)
})

test.each([
  ['reserved bits', '91 00', -1],
  ['an opcode that nothing has', '83 00', -1],
  ['a control frame in parts', '09 00', -1],
  ['a long control frame', '89 7e', -1],
  ['a length not in its shortest form', '82 7e 00 05', -1],
  ['half a length', '82 7e 01', 0],
  ['a frame with a compressed payload', 'c1 05', 2],
])('a header with %s', (_case, bytes, length) => {
  expect(readMessage(websocket, hex(bytes)).length).toBe(length)
})
