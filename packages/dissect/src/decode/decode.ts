import { readIp } from './internet.ts'
import { LAYER } from './layer.ts'
import {
  layerOfLink,
  readCiscoHdlc,
  readCooked,
  readCooked2,
  readEthernet,
  readLlc,
  readLoopback,
  readPpp,
  takeLinkMessage,
} from './link.ts'
import { KIND, type Packet } from './packet.ts'
import { readTransport } from './transport.ts'
import {
  readBackbone,
  readEtherIp,
  readGre,
  readMpls,
  readNsh,
  readPppoe,
  readTrill,
} from './tunnel.ts'
import { layerInside } from './udp-tunnel.ts'
import { readPpi, readRadiotap, readWlan, readWlanInCapwap } from './wireless.ts'
import {
  readFrameRelay,
  readInfiniband,
  readIpnet,
  readJuniper,
  readMacsec,
  readNflog,
  readPktap,
  readSwitchTag,
} from './wrapped-link.ts'

/** Most layers of one frame: more is an attack, not a network. */
const MAX_LAYERS = 24

/** Decodes a frame into `p`; `p.kind` says what came of it. Never throws, never allocates. */
export function decode(
  p: Packet,
  bytes: Uint8Array,
  offset: number,
  captured: number,
  original: number,
  linkType: number,
): void {
  p.bytes = bytes
  p.at = offset
  p.end = offset + captured
  p.wireEnd = offset + original
  p.hasMac = false
  p.sourceMacHigh = 0
  p.sourceMacLow = 0
  p.targetMacHigh = 0
  p.targetMacLow = 0
  p.etherType = 0
  p.vlanCount = 0
  run(p, layerOfLink(linkType))
}

/** Goes on with the packet that a tunnel over UDP carries; false when there is none. */
export function decodeInside(p: Packet): boolean {
  const layer = layerInside(p)
  if (layer === LAYER.none) return false
  run(p, layer)
  return true
}

function run(p: Packet, first: number): void {
  p.version = 0
  p.fragment = 0
  p.sourcePort = 0
  p.targetPort = 0
  p.tcpFlags = 0
  p.isAnswer = false
  p.payload = p.end
  p.payloadEnd = p.end
  p.payloadBytes = 0
  let layer = first
  for (let count = 0; count < MAX_LAYERS; count++) {
    if (layer === LAYER.ip) layer = readIp(p)
    else if (layer === LAYER.transport) layer = readTransport(p)
    else if (layer === LAYER.flow) {
      p.kind = KIND.flow
      return
    } else if (layer === LAYER.ethernet) layer = readEthernet(p)
    else if (layer === LAYER.link) {
      takeLinkMessage(p)
      return
    } else if (layer === LAYER.none || layer === LAYER.unknown) {
      p.kind = layer === LAYER.none ? KIND.none : KIND.unknown
      return
    } else layer = readRare(p, layer)
  }
  p.kind = KIND.none
}

function readRare(p: Packet, layer: number): number {
  switch (layer) {
    case LAYER.cooked:
      return readCooked(p)
    case LAYER.cooked2:
      return readCooked2(p)
    case LAYER.loopback:
      return readLoopback(p)
    case LAYER.ppp:
      return readPpp(p)
    case LAYER.ciscoHdlc:
      return readCiscoHdlc(p)
    case LAYER.mpls:
      return readMpls(p)
    case LAYER.pppoe:
      return readPppoe(p)
    case LAYER.gre:
      return readGre(p)
    default:
      return readRarer(p, layer)
  }
}

function readRarer(p: Packet, layer: number): number {
  switch (layer) {
    case LAYER.llc:
      return readLlc(p)
    case LAYER.wlan:
      return readWlan(p)
    case LAYER.wlanInCapwap:
      return readWlanInCapwap(p)
    case LAYER.radiotap:
      return readRadiotap(p)
    case LAYER.ppi:
      return readPpi(p)
    case LAYER.pktap:
      return readPktap(p)
    case LAYER.nflog:
      return readNflog(p)
    case LAYER.frameRelay:
      return readFrameRelay(p)
    case LAYER.macsec:
      return readMacsec(p)
    case LAYER.infiniband:
      return readInfiniband(p)
    case LAYER.switchTag4:
      return readSwitchTag(p, 4)
    case LAYER.switchTag8:
      return readSwitchTag(p, 8)
    case LAYER.switchTagBefore:
      p.at += 4
      return LAYER.ethernet
    default:
      return readRarest(p, layer)
  }
}

function readRarest(p: Packet, layer: number): number {
  switch (layer) {
    case LAYER.nsh:
      return readNsh(p)
    case LAYER.etherIp:
      return readEtherIp(p)
    case LAYER.trill:
      return readTrill(p)
    case LAYER.backbone:
      return readBackbone(p)
    case LAYER.juniper:
      return readJuniper(p)
    case LAYER.ipnet:
      return readIpnet(p)
    default:
      return LAYER.none
  }
}
