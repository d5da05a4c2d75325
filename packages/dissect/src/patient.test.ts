import { expect, test } from 'vitest'
import { DISSECTORS } from './index.ts'
import { pcap } from './testing/captures.ts'
import { type Said, tcpFrames, udpFrames } from './testing/frames.ts'
import { loadSamples } from './testing/load-samples.ts'
import { observe } from './testing/observe.ts'
import { PLANTED } from './testing/planted.ts'

const SAMPLES = Map.groupBy(
  (await loadSamples()).filter(({ over }) => over === 'tcp' || over === 'udp'),
  ({ protocol }) => protocol,
)
const WITH_PERSON = [
  'addp',
  'anydesk',
  'astm',
  'bcc',
  'dicom',
  'ftp',
  'ge-s5',
  'hl7',
  'hsrp',
  'http',
  'http2',
  'imap',
  'intellivue',
  'ipmi',
  'lantronix',
  'lpd',
  'medibus',
  'phd',
  'pjl',
  'poct1a',
  'pop3',
  'rdp',
  'smb',
  'smtp',
  'telnet',
  'websocket',
  'ws-discovery',
]

test.each(WITH_PERSON)(
  'of a conversation in %s no person reaches what the engine tells',
  (protocol) => {
    const samples = SAMPLES.get(protocol) ?? []
    const text = samples.map(({ bytes }) =>
      Buffer.from(bytes).toString('latin1').replaceAll('\0', ''),
    )
    expect(text.join()).toMatch(PLANTED)
    const port = DISSECTORS.find((one) => one.protocol === protocol)?.ports?.[0] ?? 0
    const said = samples.map(({ from, bytes }): Said => [from, bytes])
    // As a whole, and each message as the first of its flow; on the port of its own and on another.
    for (const messages of [said, ...said.map((one) => [one])]) {
      for (const at of [port, 40_404]) {
        const frames = samples[0]?.over === 'udp' ? udpFrames : tcpFrames
        const flows = observe(pcap(frames({ server: { port: at } }, messages)))
        expect(flows).toHaveLength(1)
        expect(
          JSON.stringify(flows, (_key, value: unknown) =>
            value instanceof Map ? [...value] : value,
          ),
        ).not.toMatch(PLANTED)
      }
    }
  },
)
