import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type ObservedFlow, observe } from './testing/observe.ts'

/** Captures of others, with what other programs make of them, beside the repository; not part of it. */
const SHARED = new URL('../../../../shared/captures/', import.meta.url)
const ABSENT = '../shared/captures is absent'
const hasShared = existsSync(SHARED)
if (!hasShared) process.stdout.write(`agreement.test.ts skips its tests: ${ABSENT}\n`)

function sharedFiles(folder: string, ending: RegExp): string[] {
  const names = readdirSync(new URL(`${folder}/`, SHARED), { recursive: true }) as string[]
  return names.filter((name) => ending.test(name)).map((name) => `${folder}/${name}`)
}

function sharedText(path: string): string | undefined {
  const url = new URL(path, SHARED)
  return existsSync(url) ? readFileSync(url, 'utf8') : undefined
}

const sharedFlows = (path: string) => observe(readFileSync(new URL(path, SHARED)))

const FOXIO = 'FoxIO-LLC+ja4'
const NDPI = 'ntop+nDPI/tests/cfgs/default'
const MINUTE = 60_000

/** Where nDPI departs from the definitions in a way that its value does not show. */
const DEPARTURES: Readonly<Record<string, string>> = {
  'anyconnect-vpn.pcap 443 54107 JA4':
    'names a version from before the standard, which has no code',
  'dtls.pcap 11111 40983 JA4': 'takes DTLS 1.2 where the hello supports 1.3',
  'tls_invalid_reads.pcap 443 58552 JA4': 'leaves out an ALPN that is not of letters and digits',
}

const portOf = (end: ObservedFlow['client']) => end.port
const valuesOf = (flows: readonly ObservedFlow[], field: string) =>
  flows.flatMap((flow) => flow.values.get(field) ?? [])

test(
  'every JA4 of a client over TCP that FoxIO expects is ours',
  { timeout: MINUTE },
  ({ skip }) => {
    if (!hasShared) skip(ABSENT)
    const missed: string[] = []
    let agreed = 0
    for (const path of sharedFiles(`${FOXIO}/python/test/testdata`, /\.json$/)) {
      const capture = path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
      const expected = JSON.parse(sharedText(path)!) as Record<string, string>[]
      const flows = sharedFlows(`${FOXIO}/pcap/${capture}`)
      for (const one of expected) {
        const value = one['JA4.1'] ?? one['JA4']
        if (!value?.startsWith('t')) continue
        const mine = flows.filter(
          ({ client, server }) =>
            portOf(client) === Number(one['srcport']) && portOf(server) === Number(one['dstport']),
        )
        if (valuesOf(mine, 'tls.ja4').includes(value)) agreed++
        else missed.push(`${capture} ${one['srcport']} ${value}`)
      }
    }
    expect(missed).toEqual([])
    expect(agreed).toBeGreaterThan(100)
  },
)

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

test('every JA3, JA3S and JA4 that nDPI prints is ours', { timeout: MINUTE }, ({ skip }) => {
  if (!hasShared) skip(ABSENT)
  const missed: string[] = []
  const agreed: Record<string, number> = { JA3C: 0, JA3S: 0, JA4: 0 }
  const fields = { JA3C: 'ja3', JA3S: 'ja3s', JA4: 'ja4' }
  for (const path of sharedFiles(`${NDPI}/pcap`, /\.pcap(ng)?$/)) {
    const capture = path.slice(path.lastIndexOf('/') + 1)
    const lines = (sharedText(`${NDPI}/result/${capture}.out`) ?? '')
      .split('\n')
      .filter((line) => /^\t\d+\t(?:TCP|UDP) .*\[JA(?:3C|3S|4): /.test(line))
    if (lines.length === 0) continue
    const flows = sharedFlows(path)
    for (const line of lines) {
      const ports = /(?:TCP|UDP) \S+:(\d+) \S+ \S+:(\d+) /.exec(line)!.slice(1).map(Number)
      const mine = flows.filter(
        ({ client, server }) => ports.includes(portOf(client)) && ports.includes(portOf(server)),
      )
      for (const [mark, field] of Object.entries(fields)) {
        const theirs = new RegExp(`\\[${mark}: ([^\\] ]+)`).exec(line)?.[1]
        if (theirs === undefined) continue
        const place = `${capture} ${ports.toSorted((one, other) => one - other).join(' ')} ${mark}`
        const values = ['tls', 'dtls', 'quic'].flatMap((name) => valuesOf(mine, `${name}.${field}`))
        const isOurs = values.some((ours) => ours === theirs || ours === mended(theirs, ours))
        if (isOurs) agreed[mark]!++
        else if (!(place in DEPARTURES)) missed.push(`${place} ${theirs}`)
      }
    }
  }
  expect(missed).toEqual([])
  expect(Math.min(...Object.values(agreed))).toBeGreaterThan(100)
})
