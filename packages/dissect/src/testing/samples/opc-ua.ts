import type { Side } from '../../dissector.ts'
import { bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const text = (value: string): Uint8Array => bytesOf(le32(value.length), value)
const NONE = le32(-1)
export const opcMessage = (kind: string, ...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  return bytesOf(kind, le32(body.length + 8), body)
}
const nodeId = (id: number): Uint8Array => bytesOf([1, 0], le16(id))
/** A service message in a channel. */
export const service = (id: number, ...parts: readonly Part[]): Uint8Array =>
  opcMessage('MSGF', le32(5), le32(1), le32(2), le32(3), nodeId(id), ...parts)
const REQUEST_HEADER = bytesOf(
  [0, 0],
  new Uint8Array(8),
  le32(1),
  le32(0),
  NONE,
  le32(0),
  [0, 0, 0],
)
const RESPONSE_HEADER = bytesOf(new Uint8Array(8), le32(1), le32(0), 0, NONE, [0, 0, 0])
const application = (name: string, type: number): Uint8Array =>
  bytesOf(
    text(`urn:${name}`),
    text('urn:vendor:product'),
    [3],
    text('en'),
    text(name),
    le32(type),
    NONE,
    NONE,
    le32(1),
    text('opc.tcp://chiller:4840'),
  )
const endpoint = bytesOf(
  text('opc.tcp://chiller:4840/'),
  application('Chiller', 0),
  NONE,
  le32(1),
  text('http://opcfoundation.org/UA/SecurityPolicy#None'),
  le32(2),
  [text('a'), le32(0), NONE, NONE, NONE].flatMap((part) => [...part]),
  [text('b'), le32(1), NONE, NONE, NONE].flatMap((part) => [...part]),
  text('http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary'),
  0,
)

export const HELLO = opcMessage('HELF', new Uint8Array(20), text('opc.tcp://chiller:4840'))
export const open = (policy: string): Uint8Array =>
  opcMessage(
    'OPNF',
    le32(0),
    text(`http://opcfoundation.org/UA/SecurityPolicy#${policy}`),
    NONE,
    NONE,
    new Uint8Array(8),
  )
export const CREATE_SESSION = service(461, REQUEST_HEADER, application('Historian', 1), NONE)
export const SESSION_CREATED = service(
  464,
  RESPONSE_HEADER,
  [0, 1],
  [0, 2],
  new Uint8Array(8),
  NONE,
  NONE,
  le32(1),
  endpoint,
)
export const ENDPOINTS = service(431, RESPONSE_HEADER, le32(2), endpoint, endpoint)
export const SERVERS = service(425, RESPONSE_HEADER, le32(1), application('Chiller', 0))
export const WRITE = service(673, REQUEST_HEADER)
const build = bytesOf(
  text('urn:vendor:product'),
  text('Vendor AG'),
  text('ChillPLC'),
  text('1.4.2'),
  text('77'),
  new Uint8Array(8),
)
const status = bytesOf(new Uint8Array(20), build)
export const STATUS = service(
  634,
  RESPONSE_HEADER,
  le32(1),
  [1, 22],
  [1, 0, 0x60, 3, 1],
  le32(status.length),
  status,
)

const sample = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'opc-ua',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', HELLO),
  sample('client', open('None')),
  sample('client', CREATE_SESSION),
  sample('server', SESSION_CREATED),
  sample('server', ENDPOINTS),
  sample('server', SERVERS),
  sample('server', STATUS),
]
