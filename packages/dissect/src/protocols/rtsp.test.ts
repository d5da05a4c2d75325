import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { DATA, DENIED, DESCRIBE, DESCRIPTION } from '../testing/samples/rtsp.ts'
import { rtsp } from './rtsp.ts'

test('a camera says what it is and sends, and no more', () => {
  const said = converse(
    rtsp,
    [
      ['client', DESCRIBE],
      ['server', bytesOf(DENIED, DESCRIPTION, DATA)],
    ],
    {},
    17,
  )
  expect(said.lines).toEqual([
    'client rtsp.method DESCRIBE',
    'client rtsp.user-agent Viewer 1.0',
    'server rtsp.server Rtsp Server/3.0',
    'server rtsp.authentication Basic',
    'server rtsp.realm IPCAM',
    'server rtsp.media video',
    'server rtsp.codec H264',
    'server rtsp.tool CamOS 4.2',
  ])
  expect(said.carried).toEqual(['rtp'])
})

test.each([
  ['OPTIONS * RTSP/1.0\r\n', 'strong'],
  ['RTSP/1.0 200 OK\r\n', 'strong'],
  ['OPTIONS', 'incomplete'],
  ['OPTIONS * HTTP/1.1\r\n', 'no'],
  ['OPTIONS sip:x@y SIP/2.0\r\n', 'no'],
])('%j is %s', (text, likeness) => expect(readMessage(rtsp, text).likeness).toBe(likeness))
