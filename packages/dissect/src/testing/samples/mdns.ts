import { address, be16, bytesOf } from '../frames.ts'
import { dnsMessage, name, question, record, strings } from './dns.ts'
import type { Sample } from './sample.ts'

const FLUSH = 0x8001

export const service = (host: string): Uint8Array =>
  bytesOf(be16(0), be16(0), be16(631), name(host))

/** A printer announces itself with everything in one message. */
export const ANNOUNCEMENT = dnsMessage({
  flags: 0x8400,
  answers: [
    record('_services._dns-sd._udp.local', 12, name('_ipp._tcp.local')),
    record('_ipp._tcp.local', 12, name('Ward 3 Labels._ipp._tcp.local')),
    record('Ward 3 Labels._ipp._tcp.local', 33, service('zt411-w3.local'), FLUSH),
    record(
      'Ward 3 Labels._ipp._tcp.local',
      16,
      strings('txtvers=1', 'ty=Zebra ZT411', 'usb_MFG=Zebra', 'usb_MDL=ZT411', 'pin=1234'),
      FLUSH,
    ),
  ],
  additionals: [
    record('zt411-w3.local', 1, address('10.3.0.9'), FLUSH),
    record('zt411-w3.local', 28, address('fe80::9'), FLUSH),
  ],
})

/** What a gateway carries over from another network: two hosts in one message. */
export const REFLECTED = dnsMessage({
  flags: 0x8400,
  answers: [
    record('TV._airplay._tcp.local', 33, service('tv.local')),
    record('TV._airplay._tcp.local', 16, strings('model=AppleTV6,2')),
    record('Cam._rtsp._tcp.local', 33, service('cam.local')),
    record('Cam._rtsp._tcp.local', 16, strings('md=P3245')),
    record('tv.local', 1, address('10.3.0.20')),
    record('cam.local', 1, address('10.3.0.21')),
  ],
})

export const PROBE = dnsMessage({
  flags: 0,
  questions: [
    question('zt411-w3.local', 255, FLUSH),
    question('_hue._tcp.local', 12),
    question('_universal._sub._ipp._tcp.local', 12),
    question('9.0.3.10.in-addr.arpa', 12),
  ],
  answers: [record('_ipp._tcp.local', 12, name('Other._ipp._tcp.local'))],
  authorities: [record('zt411-w3.local', 1, address('10.3.0.9'))],
})

export const SAMPLES: readonly Sample[] = [ANNOUNCEMENT, REFLECTED, PROBE].map((bytes) => ({
  protocol: 'mdns',
  over: 'udp',
  from: 'client',
  bytes,
}))
