import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { FlowSummary } from '@wardkeeper/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPath } from '../testing/read.ts'
import { listenNetflow } from './listen.ts'

const CAPTURE = new URL('../../../../../../captures/lab/hospital.pcapng', import.meta.url).pathname
const FOLDER = mkdtempSync(join(tmpdir(), 'wardkeeper-netflow-'))
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

/** True when a Debian package is there; says so when it is not. */
function has(program: string, debianPackage: string): boolean {
  const isThere = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
  if (!isThere) process.stderr.write(`skipped: the package ${debianPackage} is not installed\n`)
  return isThere
}
const hasSoftflowd = has('softflowd', 'softflowd')
const hasPmacct = has('pmacctd', 'pmacct')
const hasNfdump = has('nfcapd', 'nfdump') && has('nfdump', 'nfdump')
const hasTcpdump = has('tcpdump', 'tcpdump')

interface Received {
  readonly flows: FlowSummary[]
  counters: Readonly<Record<string, number>>
}

/** Receives what an exporter sends to the port until it ends. */
async function receive(exportTo: (port: number) => Promise<unknown>): Promise<Received> {
  const received: Received = { flows: [], counters: {} }
  const listener = await listenNetflow({
    port: 0,
    host: '127.0.0.1',
    siteId: 'main',
    log: () => {},
    async publish({ subject, payload }) {
      const { flows, counters } = payload as Partial<Received>
      if (subject === 'flow.summarized') received.flows.push(...(flows ?? []))
      else if (counters !== undefined) received.counters = counters
    },
  })
  await exportTo(listener.port)
  await wait(300)
  await listener.stop()
  return received
}

const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve))

function softflowd(port: number, ...options: readonly string[]): Promise<unknown> {
  const target = ['-r', CAPTURE, '-n', `127.0.0.1:${port}`]
  const place = ['-d', '-p', join(FOLDER, 'softflowd.pid'), '-c', 'none']
  return ended(spawn('softflowd', [...target, ...place, ...options], { stdio: 'ignore' }))
}

interface Counted {
  readonly client: { readonly ip: string }
  readonly server: { readonly ip: string }
  readonly packets: readonly [number, number]
  readonly bytes: readonly [number, number]
}

type Sums = Record<string, readonly [packets: number, bytes: number]>

/** Packets and bytes between each two addresses, whoever is the client. */
function sumsOf(flows: readonly Counted[]): Sums {
  const sums: Record<string, [number, number]> = {}
  for (const { client, server, packets, bytes } of flows) {
    const sum = (sums[[client.ip, server.ip].sort().join(' ')] ??= [0, 0])
    sum[0] += packets[0] + packets[1]
    sum[1] += bytes[0] + bytes[1]
  }
  return sums
}

/** How many sessions of each client with each service. */
function sessionsOf(
  flows: readonly {
    client: { ip: string }
    server: { ip: string }
    transport: string
    port: number
    sessions: number
  }[],
) {
  const sums: Record<string, number> = {}
  for (const { client, server, transport, port, sessions } of flows) {
    if (transport !== 'tcp') continue
    const key = `${client.ip} > ${server.ip} ${port}`
    sums[key] = (sums[key] ?? 0) + sessions
  }
  return sums
}

let wire: Awaited<ReturnType<typeof readPath>>
beforeAll(async () => {
  wire = await readPath(CAPTURE)
})

describe.skipIf(!hasSoftflowd)('softflowd', () => {
  test.each([
    ['NetFlow v9', ['-v', '9', '-6', '-a']],
    ['IPFIX', ['-v', '10', '-6', '-a']],
    ['IPFIX with both directions', ['-v', '10', '-b', '-6', '-a', '-A', 'micro']],
  ])(
    '%s: each packet and byte of the capture, between the same addresses',
    async (_version, options) => {
      const { flows, counters } = await receive((port) => softflowd(port, ...options))
      expect(sumsOf(flows)).toEqual(sumsOf(wire.flows))
      expect(counters).toMatchObject({
        lost: 0,
        malformed: 0,
        setsWithoutTemplate: 0,
        outOfOrder: 0,
      })
    },
  )

  test('NetFlow v5: the same of IPv4', async () => {
    const { flows, counters } = await receive((port) => softflowd(port, '-v', '5', '-a'))
    const old = wire.flows.filter(({ client }) => !client.ip.includes(':'))
    expect(sumsOf(flows)).toEqual(sumsOf(old))
    expect(counters).toMatchObject({ lost: 0, malformed: 0 })
  })

  test('the same clients use the same services', async () => {
    const { flows } = await receive((port) => softflowd(port, '-v', '9', '-a'))
    const seen = wire.flows.map((flow) => ({ ...flow, port: flow.server.port, sessions: 1 }))
    const [told, known] = [Object.keys(sessionsOf(flows)), Object.keys(sessionsOf(seen))]
    // softflowd gives both directions one start: between the two dynamic ports of FTP data it stays open who asked.
    const data = wire.flows.filter(({ protocol }) => protocol === 'ftp-data')
    const turned = data.map(({ client, server }) => `${server.ip} > ${client.ip} ${client.port}`)
    expect(told.filter((key) => !known.includes(key) && !turned.includes(key))).toEqual([])
    expect(told.length).toBe(known.length)
  })

  test('times are those of the capture', async () => {
    const { flows } = await receive((port) => softflowd(port, '-v', '10', '-a', '-A', 'milli'))
    const first = Math.min(...wire.flows.map(({ start }) => start)) / 1000
    const last = Math.max(...wire.flows.map(({ end }) => end)) / 1000
    expect(Math.abs(Math.min(...flows.map((flow) => flow.first)) - first)).toBeLessThan(60_000)
    expect(Math.abs(Math.max(...flows.map((flow) => flow.last)) - last)).toBeLessThan(60_000)
  })

  test.skipIf(!hasNfdump)('nfdump counts the same packets and bytes', async () => {
    const port = 30_000 + (process.pid % 20_000)
    const collector = spawn(
      'nfcapd',
      ['-w', FOLDER, '-l', FOLDER, '-p', String(port), '-b', '127.0.0.1'],
      {
        stdio: 'ignore',
      },
    )
    await wait(700)
    await softflowd(port, '-v', '9', '-a')
    await wait(300)
    collector.kill('SIGTERM')
    await ended(collector)
    const { stdout } = spawnSync('nfdump', ['-R', FOLDER, '-q', '-N', '-o', 'fmt:%pkt %byt'], {
      encoding: 'utf8',
    })
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
    const { flows } = await receive((own) => softflowd(own, '-v', '9', '-a'))
    const total = Object.values(sumsOf(flows)).reduce(
      (sum, [packets, bytes]) => [sum[0]! + packets, sum[1]! + bytes],
      [0, 0],
    )
    expect(rows.length).toBeGreaterThan(100)
    expect(total).toEqual(
      rows.reduce((sum, [packets, bytes]) => [sum[0]! + packets!, sum[1]! + bytes!], [0, 0]),
    )
  })
})

describe.skipIf(!hasPmacct || !hasTcpdump)('pmacct', () => {
  test.each([9, 10])(
    'version %i: each packet and byte of the capture',
    async (version) => {
      const capture = join(FOLDER, 'hospital.pcap')
      spawnSync('tcpdump', ['-r', CAPTURE, '-w', capture])
      const config = join(FOLDER, 'pmacctd.conf')
      const { flows, counters } = await receive(async (port) => {
        writeFileSync(
          config,
          [
            `pcap_savefile: ${capture}`,
            'daemonize: false',
            'aggregate: src_host,dst_host,src_port,dst_port,proto,vlan',
            'plugins: nfprobe',
            `nfprobe_receiver: 127.0.0.1:${port}`,
            `nfprobe_version: ${version}`,
            'nfprobe_timeouts: general=3600:maxlife=604800:expint=2',
            'pcap_savefile_wait: 3',
            'plugin_buffer_size: 102400',
            'plugin_pipe_size: 10240000',
          ].join('\n'),
        )
        const probe = spawn('pmacctd', ['-f', config], { stdio: 'ignore' })
        await Promise.race([ended(probe), wait(15_000)])
        if (probe.exitCode === null) {
          probe.kill('SIGINT')
          await ended(probe)
        }
      })
      expect(sumsOf(flows)).toEqual(sumsOf(wire.flows))
      expect(counters).toMatchObject({ malformed: 0, setsWithoutTemplate: 0 })
    },
    40_000,
  )
})

test('a port that is taken is said to be', async () => {
  const options = { host: '127.0.0.1', siteId: 'main', publish: async () => {}, log: () => {} }
  const first = await listenNetflow({ ...options, port: 0 })
  await expect(listenNetflow({ ...options, port: first.port })).rejects.toThrow('is taken')
  await first.stop()
})
