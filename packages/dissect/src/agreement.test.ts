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

/** Flows of nDPI's captures that hold no hello in one piece, and why. */
const WITHOUT_HELLO: Readonly<Record<string, string>> = {
  'heuristic_tcp_ack_payload.pcap': 'segments with false payload stand before the true ones',
  'tls_invalid_reads.pcap': 'the hello is cut short',
  'KakaoTalk_chat.pcap': 'one server answers twice with different sequence numbers',
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

/** nDPI departs from the definition in three places; its value is mended there from ours. */
function mended(theirs: string, ours: string): string {
  const [head = '', ciphers = '', rest = ''] = theirs.split('_')
  const own = ours.split('_')
  const sni = own[0]!.slice(3, 4) === 'i' ? 'i' : head.slice(3, 4)
  const protocol = head.endsWith('ht') ? 'h1' : head.slice(8)
  const empty = rest === 'e3b0c44298fc' ? '000000000000' : rest
  return `${head.slice(0, 3)}${sni}${head.slice(4, 8)}${protocol}_${ciphers}_${empty}`
}

test('every JA3, JA3S and JA4 that nDPI prints is ours', { timeout: MINUTE }, ({ skip }) => {
  if (!hasShared) skip(ABSENT)
  const missed: string[] = []
  const agreed: Record<string, number> = { JA3C: 0, JA3S: 0, JA4: 0 }
  const fields = { JA3C: 'tls.ja3', JA3S: 'tls.ja3s', JA4: 'tls.ja4' }
  for (const path of sharedFiles(`${NDPI}/pcap`, /\.pcap(ng)?$/)) {
    const capture = path.slice(path.lastIndexOf('/') + 1)
    const lines = (sharedText(`${NDPI}/result/${capture}.out`) ?? '')
      .split('\n')
      .filter((line) => /^\t\d+\tTCP .*\[JA(?:3C|3S|4): /.test(line))
    if (lines.length === 0 || capture in WITHOUT_HELLO) continue
    const flows = sharedFlows(path)
    for (const line of lines) {
      const ports = /TCP \S+:(\d+) \S+ \S+:(\d+) /.exec(line)!.slice(1).map(Number)
      const mine = flows.filter(
        ({ client, server }) => ports.includes(portOf(client)) && ports.includes(portOf(server)),
      )
      for (const [mark, field] of Object.entries(fields)) {
        const theirs = new RegExp(`\\[${mark}: ([^\\] ]+)`).exec(line)?.[1]
        if (theirs === undefined) continue
        const isOurs = valuesOf(mine, field).some(
          (ours) => ours === theirs || ours === mended(theirs, ours),
        )
        if (isOurs) agreed[mark]!++
        else missed.push(`${capture} ${ports.join(' ')} ${mark} ${theirs}`)
      }
    }
  }
  expect(missed).toEqual([])
  expect(Math.min(...Object.values(agreed))).toBeGreaterThan(100)
})
