import { expect, test } from 'vitest'
import { pcap } from '../testing/captures.ts'
import { converse } from '../testing/converse.ts'
import { type Said, tcpFrames } from '../testing/frames.ts'
import { observe } from '../testing/observe.ts'
import { ASK, ASK_11, PUSHED, TELL, TELL_11, TELL_USERS } from '../testing/samples/onvif.ts'
import { http } from './http.ts'

const OF_THE_CAMERA = [
  'server onvif.manufacturer Examplemed',
  'server onvif.model Cam & 3',
  'server onvif.firmware 5.1',
  'server onvif.serial SN33',
  'server onvif.hardware-id C3-B',
]

function told(...said: readonly Said[]): string[] {
  const linesOf = (piece: number) =>
    converse(http, said, {}, piece).lines.filter((line) => !line.includes(' http.'))
  expect(linesOf(41)).toEqual(linesOf(Infinity))
  return linesOf(Infinity)
}

test('a device tells what it is, in either version of SOAP', () => {
  expect(told(['client', ASK], ['server', TELL])).toEqual(OF_THE_CAMERA)
  expect(told(['client', ASK_11], ['server', TELL_11])).toEqual(OF_THE_CAMERA)
})

test('other answers, and what was not asked for, tell nothing', () => {
  expect(told(['client', ASK_11], ['server', TELL_USERS])).toEqual([])
  expect(told(['client', PUSHED])).toEqual([])
  // Without its request a document of XML may be anything.
  expect(told(['server', TELL_11])).toEqual([])
})

test('the flow says that it carries it', () => {
  const [flow] = observe(
    pcap(
      tcpFrames({}, [
        ['client', ASK],
        ['server', TELL],
      ]),
    ),
  )
  expect(flow).toMatchObject({ protocol: 'http', also: ['onvif'] })
  expect(flow?.values.get('onvif.serial')).toEqual(['SN33'])
})
