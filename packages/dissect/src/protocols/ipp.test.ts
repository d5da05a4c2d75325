import { expect, test } from 'vitest'
import { pcap } from '../testing/captures.ts'
import { converse } from '../testing/converse.ts'
import { be16, bytesOf, type Said, tcpFrames } from '../testing/frames.ts'
import { observe } from '../testing/observe.ts'
import {
  ASK,
  ASK_QUEUE,
  attribute,
  JOBS,
  ONE_QUEUE,
  PRINT,
  PRINTER,
  QUEUES,
  SAMPLES,
  TELL,
  TELL_CHUNKED,
  VENDOR,
} from '../testing/samples/ipp.ts'
import { http } from './http.ts'
import { ippFacts } from './ipp.ts'

const OF_THE_PRINTER = [
  'server ipp.make-and-model Examplemed Printo 7',
  'server ipp.device-manufacturer Examplemed',
  'server ipp.device-model Printo 7',
  'server ipp.device-serial SN77',
  'server ipp.uuid urn:uuid:4509a320-00a0-008f-00b6-0123456789ab',
  'server ipp.firmware-name Controller',
  'server ipp.firmware-name Engine',
  'server ipp.firmware-version 2.41',
  'server ipp.state idle',
]

/** What is told beyond the facts of HTTP itself and the clear transport, whole and in pieces. */
function told(...said: readonly Said[]): string[] {
  const linesOf = (piece: number) =>
    converse(http, said, {}, piece).lines.filter((line) => !/ http\.|ipp\.transport/.test(line))
  const lines = linesOf(Infinity)
  for (const piece of [1, 37]) expect(linesOf(piece)).toEqual(lines)
  return lines
}

test('a printer tells what it is', () => {
  expect(told(['client', ASK], ['server', TELL])).toEqual([
    'client ipp.operation get-printer-attributes',
    ...OF_THE_PRINTER,
  ])
  expect(told(['client', ASK], ['server', TELL_CHUNKED]).slice(1)).toEqual(OF_THE_PRINTER)
})

test('an answer to what was not seen may be of a queue of a print server, which is no printer', () => {
  expect(told(['server', TELL_CHUNKED])).toEqual([
    'server ipp.queue-make-and-model Examplemed Printo 7',
  ])
})

test('a name off the wire is looked up as a name and nothing else', () => {
  const value = 'PLANTED JANE'
  const attributes = bytesOf(0x41, be16(11), 'constructor', be16(value.length), value)
  const body = bytesOf([2, 0, 0, 0, 0, 0, 0, 1, 4], attributes, 3)
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: ${body.length}\r\n\r\n`
  expect(told(['client', ASK], ['server', bytesOf(head, body)]).slice(1)).toEqual([])
})

test('of what is printed the operation is told, and of jobs nothing', () => {
  expect(told(['client', PRINT], ['server', JOBS], ['client', VENDOR])).toEqual([
    'client ipp.operation print-job',
    'client ipp.operation 0x4fff',
  ])
})

test('a long document is let go by, and what follows is still read', () => {
  const long = bytesOf(
    'POST /ipp/print HTTP/1.1\r\nContent-Type: application/ipp\r\nContent-Length: 90008\r\n\r\n',
    [2, 0, 0, 2, 0, 0, 0, 1],
  )
  const pages = Array.from({ length: 60 }, (): Said => ['client', 'x'.repeat(1500)])
  const said: Said[] = [['client', long], ...pages, ['client', VENDOR]]
  expect(converse(http, [['client', long]]).lines).toContain('client ipp.operation print-job')
  const { facts } = converse(http, said)
  expect(facts.filter(({ field }) => field === 'ipp.operation').map(({ value }) => value)).toEqual([
    'print-job',
    '0x4fff',
  ])
})

test('a print server is not taken for the printers behind it', () => {
  expect(told(['server', QUEUES])).toEqual([
    'server ipp.queue-make-and-model Laser A',
    'server ipp.queue-make-and-model Laser B',
  ])
  expect(told(['server', ONE_QUEUE])).toEqual(['server ipp.queue-make-and-model Laser A'])
  expect(told(['client', ASK_QUEUE], ['server', TELL]).slice(1)).toEqual([
    'server ipp.queue-make-and-model Examplemed Printo 7',
  ])
})

test('the flow is named by it, and that it is in clear is a fact of the printer', () => {
  const [flow] = observe(
    pcap(
      tcpFrames({ server: { port: 631 } }, [
        ['client', ASK],
        ['server', TELL],
      ]),
    ),
  )
  expect(flow).toMatchObject({ protocol: 'ipp', also: ['http'] })
  expect(flow?.values.get('ipp.transport')).toEqual(['cleartext'])
  expect(flow?.values.get('ipp.device-serial')).toEqual(['SN77'])
})

test('no planted person reaches a fact, wherever a body is cut or damaged', () => {
  for (const { bytes, from } of SAMPLES) {
    for (let at = 0; at < bytes.length; at += 3) {
      const broken = bytes.slice()
      broken[at]! ^= 0x7f
      for (const one of [broken, bytes.subarray(at)]) {
        expect(converse(http, [[from, one]]).lines.join('\n')).not.toMatch(/PLANTED|JANE/)
      }
    }
  }
})

test.each([
  ['another version', bytesOf([9, 0, 0, 0, 0, 0, 0, 1], PRINTER)],
  ['a message cut in its head', bytesOf([2, 0, 0, 0, 0])],
  [
    'an attribute of another kind',
    bytesOf([2, 0, 0, 0, 0, 0, 0, 1, 4], attribute(0x21, 'printer-uuid', 'abcd')),
  ],
])('%s tells nothing', (_case, body) => expect([...ippFacts(body, 'server', false)]).toEqual([]))
