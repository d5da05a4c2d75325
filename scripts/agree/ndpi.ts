import { readFileSync } from 'node:fs'
import { isOurName } from './names.ts'
import { NDPI_NAMES } from './ndpi-names.ts'
import {
  type End,
  flowKey,
  namesOf,
  observeCapture,
  type OurCapture,
  type OurFlow,
} from './observe-capture.ts'
import type { Pair } from './pairs.ts'
import { Tally } from './tally.ts'

/** A flow as nDPI's detailed lines print it. */
interface NdpiFlow {
  readonly transport: string
  readonly ends: readonly [End, End]
  /** `carrier.application` or one name. */
  readonly name: string
  readonly confidence: string
}

const LINE =
  /^\t\d+\t(\S+) (?:\[VLAN: \d+\])?(\S+) (?:<->|->) (\S+) \[(?:VLAN[^\]]*\]\[)?proto: (?:[A-Z]+:)?[\d.]+\/([^\]]+)\].*?\[Confidence: ([^\]]+)\]/

const TRANSPORTS: Readonly<Record<string, string>> = { ICMPV6: 'icmp6' }

/** Compares the protocol of every flow in nDPI's result files. */
export async function compareNdpi(pairs: readonly Pair[]): Promise<Tally[]> {
  const tally = new Tally('nDPI: protocol of the flow', 97)
  for (const { capture, truth } of pairs) {
    const flows = readNdpi(readFileSync(truth, 'utf8'))
    if (flows.length === 0) continue
    const ours = await observeCapture(capture)
    for (const flow of flows) compareFlow(tally, capture.name, flow, ours)
  }
  return [tally]
}

/** True for a text that nDPI's reader wrote. */
export function isNdpi(text: string): boolean {
  return /^(Guessed flow protos|DPI Packets|Confidence)/m.test(text)
}

function readNdpi(text: string): NdpiFlow[] {
  return text.split('\n').flatMap((line) => {
    const match = LINE.exec(line)
    if (match === null) return []
    const [, transport = '', one = '', other = '', name = '', confidence = ''] = match
    return [
      {
        transport: TRANSPORTS[transport] ?? transport.toLowerCase(),
        ends: [endOf(one), endOf(other)] as const,
        name,
        confidence,
      },
    ]
  })
}

function endOf(text: string): End {
  const at = text.lastIndexOf(':')
  return { ip: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
}

/** Our names for what nDPI says; empty when it says nothing that has a name of ours. */
function translate(name: string): readonly string[] {
  const [carrier = '', application = ''] = name.split('.')
  const own = NDPI_NAMES[carrier] ?? []
  // Datagrams of NetBIOS with SMB inside are datagrams.
  const inner = carrier === 'NetBIOS' ? [] : (NDPI_NAMES[application] ?? [])
  return [...own, ...inner].filter(isOurName)
}

/** nDPI knows no ports of SCTP. */
function matching({ transport, ends }: NdpiFlow, ours: OurCapture): readonly OurFlow[] {
  const found = ours.byKey.get(flowKey(transport, ...ends)) ?? []
  if (found.length > 0 || ends.some(({ port }) => port !== 0)) return found
  const pair = flowKey('other', ...ends)
  return ours.flows.filter(
    ({ transport: own, client, server }) =>
      own === transport && flowKey('other', client, server) === pair,
  )
}

function compareFlow(tally: Tally, capture: string, flow: NdpiFlow, ours: OurCapture): void {
  if (flow.name === 'Unknown') return tally.leaveOut('nDPI does not know either')
  const expected = translate(flow.name)
  if (expected.length === 0)
    return tally.leaveOut('nDPI names an application that has no name of ours')
  const mine = matching(flow, ours)
  const names = [...new Set(mine.flatMap(namesOf))]
  const isAgreed = expected.some((name) => names.includes(name))
  const [one, other] = flow.ends
  tally.compare(isAgreed, {
    capture,
    place: `${flow.transport} ${one.ip}:${one.port} ${other.ip}:${other.port}`,
    theirs: flow.confidence === 'DPI' ? flow.name : `${flow.name} (${flow.confidence})`,
    ours: mine.length === 0 ? 'no such flow' : names.slice(1).join('+') || 'unknown',
  })
}
