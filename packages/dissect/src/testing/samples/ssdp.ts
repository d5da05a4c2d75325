import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

const message = (...lines: readonly string[]): Uint8Array =>
  bytesOf(`${lines.join('\r\n')}\r\n\r\n`)

export const NOTIFY = message(
  'NOTIFY * HTTP/1.1',
  'HOST: 239.255.255.250:1900',
  'CACHE-CONTROL: max-age=1800',
  'LOCATION: http://10.3.0.30:49153/desc.xml',
  'NT: urn:schemas-upnp-org:device:Basic:1',
  'NTS: ssdp:alive',
  'SERVER: Linux/4.9 UPnP/1.0 AXIS P3245/9.80.1',
  'USN: uuid:Upnp-BasicDevice-1_0-ACCC8E000001::urn:schemas-upnp-org:device:Basic:1',
)

export const SEARCH = message(
  'M-SEARCH * HTTP/1.1',
  'HOST: 239.255.255.250:1900',
  'MAN: "ssdp:discover"',
  'MX: 2',
  'ST: urn:dial-multiscreen-org:service:dial:1',
  'USER-AGENT: Google Chrome/120 Windows',
)

export const ANSWER = message(
  'HTTP/1.1 200 OK',
  'ST:urn:schemas-upnp-org:service:ContentDirectory:1',
  'USN:uuid:4d696e69-444c-164e-9d41-001122334455::urn:schemas-upnp-org:service:ContentDirectory:1',
  'hue-bridgeid: 001788FFFE2476FF',
)

export const SAMPLES: readonly Sample[] = [NOTIFY, SEARCH, ANSWER].map((bytes) => ({
  protocol: 'ssdp',
  over: 'udp',
  from: bytes === ANSWER ? 'server' : 'client',
  bytes,
}))
