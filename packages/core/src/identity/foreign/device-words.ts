import type { Vocabulary } from '../vocabulary.ts'

/** Words that other databases have for device types, where they differ from names and aliases of ours. */
const WORDS: Readonly<Record<string, string>> = {
  'access control': 'access-control',
  'access point': 'access-point',
  'broadband router': 'router',
  'building automation': 'building-controller',
  'cable modem': 'router',
  camera: 'ip-camera',
  desktop: 'workstation',
  'device server': 'serial-server',
  dvr: 'video-recorder',
  'game console': 'game-console',
  'hmi controller': 'hmi',
  kvm: 'kvm',
  laptop: 'workstation',
  'lights out management': 'management-controller',
  'media player': 'media-player',
  'media server': 'media-player',
  'mobile phone': 'phone',
  'multifunction device': 'printer',
  nas: 'storage',
  nvr: 'video-recorder',
  pbx: 'voice-gateway',
  plc: 'plc',
  'power device': 'ups',
  'print server': 'printer',
  'security appliance': 'firewall',
  'sip device': 'ip-phone',
  'sip gateway': 'voice-gateway',
  'smart tv': 'television',
  smartphone: 'phone',
  'storage appliance': 'storage',
  'video conferencing': 'conference-system',
  voip: 'ip-phone',
  'voip gateway': 'voice-gateway',
  'voip phone': 'ip-phone',
  vpn: 'firewall',
  wap: 'access-point',
  'web cam': 'ip-camera',
  'wireless access point': 'access-point',
  'wireless controller': 'wlan-controller',
}

/** Our type for the words of another database; undefined where we have none. */
export function typeOfWords(words: string | undefined, { typeOf }: Vocabulary): string | undefined {
  if (words === undefined) return undefined
  return WORDS[words.toLowerCase()] ?? typeOf(words)?.id
}
