import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

const OASIS = 'http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01'
const SUBMISSION = 'http://schemas.xmlsoap.org/ws/2005/04/discovery'

export function discoveryMessage(namespace: string, action: string, body: string): Uint8Array {
  return bytesOf(
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:d="${namespace}">`,
    `<s:Header><a:Action>${namespace}/${action}</a:Action>`,
    '<a:ReplyTo><a:Address>urn:reply</a:Address></a:ReplyTo></s:Header>',
    `<s:Body>${body}</s:Body></s:Envelope>`,
  )
}

const offer = (types: string, scopes: string, address: string) =>
  '<a:EndpointReference><a:Address>urn:uuid:72313cab-0001</a:Address></a:EndpointReference>' +
  `<d:Types>${types}</d:Types><d:Scopes>${scopes}</d:Scopes><d:XAddrs>${address}</d:XAddrs>`

export const VENTILATOR = discoveryMessage(
  OASIS,
  'Hello',
  `<d:Hello>${offer(
    'p:Device m:MedicalDevice',
    'sdc.ctxt.loc:/sdc.ctxt.loc.detail/x?fac=HOSP&amp;poc=ICU%203&amp;bed=4 ' +
      'sdc.ctxt.pat:/x/ROE%5EJANE sdc.cdc.type:///130535',
    'http://10.9.0.1:48927/72313cab',
  )}</d:Hello>`,
)

export const CAMERA = discoveryMessage(
  SUBMISSION,
  'ProbeMatches',
  `<d:ProbeMatches><d:ProbeMatch>${offer(
    'dn:NetworkVideoTransmitter',
    'onvif://www.onvif.org/name/AXIS%20P3245 onvif://www.onvif.org/hardware/P3245-LVE ' +
      'onvif://www.onvif.org/location/Lobby onvif://www.onvif.org/Profile/Streaming',
    'http://10.3.0.30/onvif/device_service',
  )}</d:ProbeMatch></d:ProbeMatches>`,
)

export const PROBE = discoveryMessage(
  OASIS,
  'Probe',
  '<d:Probe><d:Types>m:MedicalDevice</d:Types></d:Probe>',
)

export const SAMPLES: readonly Sample[] = [VENTILATOR, CAMERA, PROBE].map((bytes) => ({
  protocol: 'ws-discovery',
  over: 'udp',
  from: bytes === CAMERA ? 'server' : 'client',
  bytes,
}))
