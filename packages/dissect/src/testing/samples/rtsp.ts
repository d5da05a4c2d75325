import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

const BODY =
  's=Maria in room 3\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=tool:CamOS 4.2\r\n'
export const DESCRIBE = bytesOf(
  'DESCRIBE rtsp://maria:secret@10.0.0.8/ch1 RTSP/1.0\r\nCSeq: 2\r\nUser-Agent: Viewer 1.0\r\n\r\n',
)
export const DENIED = bytesOf(
  'RTSP/1.0 401 Unauthorized\r\nServer: Rtsp Server/3.0\r\nWWW-Authenticate: Basic realm="IPCAM"\r\n\r\n',
)
export const DESCRIPTION = bytesOf(
  `RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
)
export const DATA = bytesOf([0x24, 0, 0, 4], [1, 2, 3, 4])

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'rtsp',
  over: 'tcp',
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('client', DESCRIBE),
  sample('server', DENIED),
  sample('server', DESCRIPTION),
  sample('server', DATA),
]
