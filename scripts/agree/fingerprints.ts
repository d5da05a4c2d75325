import { readFileSync } from 'node:fs'
import { observeCapture, type OurFlow } from './observe-capture.ts'
import type { Pair } from './pairs.ts'
import { Tally } from './tally.ts'

const FIELDS = { JA3C: 'tls.ja3', JA3S: 'tls.ja3s', JA4: 'tls.ja4' } as const

/** Compares JA4 of clients with FoxIO's expected values, and JA3, JA3S and JA4 with those that nDPI prints. */
export async function compareFingerprints(
  foxio: readonly Pair[],
  ndpi: readonly Pair[],
): Promise<Tally[]> {
  const ja4 = new Tally("JA4 of TLS clients: FoxIO's values", 100)
  for (const { capture, truth } of foxio) {
    const expected = JSON.parse(readFileSync(truth, 'utf8')) as unknown
    if (!Array.isArray(expected)) continue
    const { flows } = await observeCapture(capture)
    for (const one of expected as Record<string, string>[]) {
      const value = one['JA4.1'] ?? one['JA4']
      if (value === undefined) continue
      const ports = [Number(one['srcport']), Number(one['dstport'])]
      const mine = valuesOf(flows, ports, 'ja4')
      compare(ja4, capture.name, ports, value, mine)
    }
  }
  const tallies = {
    JA3C: new Tally('JA3 of clients: as nDPI prints it', 100),
    JA3S: new Tally('JA3 of servers: as nDPI prints it', 100),
    // No reference for JA4: it departs from the definition in more ways than can be undone.
    JA4: new Tally('JA4 of clients: as nDPI prints it'),
  }
  for (const pair of ndpi) await compareNdpi(tallies, pair)
  return [ja4, ...Object.values(tallies)]
}

async function compareNdpi(
  tallies: Readonly<Record<keyof typeof FIELDS, Tally>>,
  { capture, truth }: Pair,
): Promise<void> {
  const lines = readFileSync(truth, 'utf8')
    .split('\n')
    .filter((line) => /^\t\d+\t(TCP|UDP) .*\[JA(?:3C|3S|4): /.test(line))
  if (lines.length === 0) return
  const { flows } = await observeCapture(capture)
  for (const line of lines) {
    const [from = '', to = ''] = /(?:TCP|UDP) (\S+) \S+ (\S+) /.exec(line)!.slice(1)
    const ports = [from, to].map((end) => Number(end.slice(end.lastIndexOf(':') + 1)))
    for (const mark of Object.keys(FIELDS) as (keyof typeof FIELDS)[]) {
      const value = new RegExp(`\\[${mark}: ([^\\] ]+)`).exec(line)?.[1]
      if (value === undefined) continue
      const mine = valuesOf(flows, ports, FIELDS[mark].slice(4))
      const isMended = mine.some((ours) => mended(value, ours) === ours)
      compare(tallies[mark], capture.name, ports, value, isMended ? [value] : mine)
    }
  }
}

function compare(
  tally: Tally,
  capture: string,
  ports: readonly number[],
  theirs: string,
  mine: readonly string[],
): void {
  const ours = mine.join(' ') || 'none'
  tally.compare(mine.includes(theirs), { capture, place: `ports ${ports.join(' ')}`, theirs, ours })
}

/** Values of a fingerprint, over whichever of TLS, DTLS and QUIC the flow is. */
function valuesOf(flows: readonly OurFlow[], ports: readonly number[], name: string): string[] {
  return flows
    .filter(({ client, server }) => ports.includes(client.port) && ports.includes(server.port))
    .flatMap(({ values }) =>
      ['tls', 'dtls', 'quic'].flatMap((protocol) => values.get(`${protocol}.${name}`) ?? []),
    )
}

/**
 * nDPI departs from the definition of JA4 in three places: it takes the first two characters of the ALPN and not the
 * first and the last, an address for a server name, and it hashes an empty list of extensions.
 */
function mended(theirs: string, ours: string): string {
  const [head = '', ciphers = '', rest = ''] = theirs.split('_')
  const own = ours.split('_')[0]!
  const sni = own.slice(3, 4) === 'i' ? 'i' : head.slice(3, 4)
  const isSameAlpn = own.slice(8, 9) === head.slice(8, 9)
  const alpn = isSameAlpn ? own.slice(8) : head.slice(8)
  const empty = rest === 'e3b0c44298fc' ? '000000000000' : rest
  return `${head.slice(0, 3)}${sni}${head.slice(4, 8)}${alpn}_${ciphers}_${empty}`
}
