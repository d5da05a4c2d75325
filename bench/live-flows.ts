/**
 * Memory of the engine while very many flows are alive: `npm run bench:flows -- [COUNT]`. Each kind of flow in a process
 * of its own, each flow one frame: TCP that opens, UDP with content that nobody knows, DNS questions.
 */
import { spawnSync } from 'node:child_process'
import { DISSECTORS, Engine } from '../packages/dissect/src/index.ts'

const KINDS = ['tcp', 'udp', 'dns'] as const
type Kind = (typeof KINDS)[number]

const ETHERNET_BYTES = 14
const IP_BYTES = 20

const [first = '1000000', second] = process.argv.slice(2)
const kind = KINDS.find((each) => each === second)
if (kind === undefined) {
  for (const each of KINDS) {
    spawnSync(process.execPath, [import.meta.filename, first, each], { stdio: 'inherit' })
  }
} else run(Number(first), kind)

function run(count: number, flows: Kind): void {
  let reported = 0
  let observations = 0
  const engine = new Engine({
    dissectors: DISSECTORS,
    onObservation: () => observations++,
    onFlow: () => reported++,
  })
  const frame = frameOf(flows)
  const before = process.cpuUsage()
  for (let flow = 0; flow < count; flow++) {
    // The client's address: 10.x.y.z.
    frame[ETHERNET_BYTES + 13] = flow >> 16
    frame[ETHERNET_BYTES + 14] = flow >> 8
    frame[ETHERNET_BYTES + 15] = flow
    engine.frame(frame, 0, frame.length, frame.length, 1, 1.7e15 + flow)
  }
  const { user, system } = process.cpuUsage(before)
  const { liveFlows = 0 } = engine.counters
  engine.flush()
  const peak = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)
  const seconds = ((user + system) / 1e6).toFixed(2)
  process.stdout.write(
    `${flows}: ${liveFlows} live flows, ${seconds} CPU seconds, peak ${peak} MB (${peak < 600 ? 'met' : 'NOT MET'}: under 600 MB), ${reported} reported, ${observations} observations\n`,
  )
}

function frameOf(flows: Kind): Uint8Array {
  const content = flows === 'tcp' ? tcpSyn() : udpDatagram(flows)
  const frame = new Uint8Array(ETHERNET_BYTES + IP_BYTES + content.length)
  frame.set([0x02, 0, 0x5e, 0, 0x53, 1, 0x02, 0, 0x5e, 0, 0x53, 2, 0x08, 0x00])
  const length = IP_BYTES + content.length
  const protocol = flows === 'tcp' ? 6 : 17
  frame.set([0x45, 0, length >> 8, length, 0, 1, 0, 0, 64, protocol, 0, 0], ETHERNET_BYTES)
  frame.set([10, 0, 0, 0, 192, 0, 2, 1], ETHERNET_BYTES + 12)
  frame.set(content, ETHERNET_BYTES + IP_BYTES)
  return frame
}

function tcpSyn(): number[] {
  return [0xc0, 0x00, 0x27, 0x0f, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0, 0, 0, 0]
}

function udpDatagram(flows: Kind): number[] {
  const text = 'content that nobody knows'
  const payload = flows === 'dns' ? question() : Array.from(text, (letter) => letter.charCodeAt(0))
  const port = flows === 'dns' ? 53 : 9999
  return [0xc0, 0x00, port >> 8, port & 255, 0, payload.length + 8, 0, 0, ...payload]
}

/** A question for the address of `pump.example`. */
function question(): number[] {
  const name = ['pump', 'example'].flatMap((label) => [
    label.length,
    ...Array.from(label, (letter) => letter.charCodeAt(0)),
  ])
  return [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...name, 0, 0, 1, 0, 1]
}
