import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PackedFacts } from '../bus/packed-facts.ts'
import { follow, type FollowingSensor } from './follow.ts'

let folder: string
let running: FollowingSensor | undefined
let hosts: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkeeper-follow-'))
  hosts = []
})
afterEach(async () => {
  await running?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const HEAD = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex')

/** One pcap record: an ARP announcement of 10.0.0.`host`. */
function frame(host: number): Buffer {
  const mac = `00409d0000${host.toString(16).padStart(2, '0')}`
  const ip = `0a0000${host.toString(16).padStart(2, '0')}`
  const bytes = Buffer.from(
    `ffffffffffff${mac}08060001080006040001${mac}${ip}000000000000${ip}`,
    'hex',
  )
  const record = Buffer.alloc(16)
  record.writeUInt32LE(1_700_000_000 + host, 0)
  record.writeUInt32LE(bytes.length, 8)
  record.writeUInt32LE(bytes.length, 12)
  return Buffer.concat([record, bytes])
}

async function begin(): Promise<void> {
  running = await follow({
    folder,
    siteId: 'main',
    checkpointPath: join(folder, 'state', 'checkpoint.json'),
    log: () => undefined,
    publish: async ({ subject, payload }) => {
      if (subject !== 'observation.recorded') return
      const { facts } = payload as { facts: PackedFacts }
      for (const host of facts.subjects) if (host.ip !== undefined) hosts.push(host.ip)
    },
  })
}

const seen = () => [...new Set(hosts)].sort()
const expectSeen = (ips: readonly string[]) =>
  vi.waitFor(() => expect(seen()).toEqual(ips), { timeout: 8000, interval: 100 })

test('reads a file while it grows, and the next one', async () => {
  const first = join(folder, 'a.pcap')
  const cut = frame(2)
  writeFileSync(first, Buffer.concat([HEAD, frame(1), cut.subarray(0, 20)]))
  await begin()
  await expectSeen(['10.0.0.1'])
  appendFileSync(first, cut.subarray(20))
  await expectSeen(['10.0.0.1', '10.0.0.2'])
  writeFileSync(join(folder, 'b.pcap'), Buffer.concat([HEAD, frame(3)]))
  await expectSeen(['10.0.0.1', '10.0.0.2', '10.0.0.3'])
})

test('goes on where it stopped', async () => {
  const path = join(folder, 'a.pcap')
  writeFileSync(path, Buffer.concat([HEAD, frame(1), frame(2)]))
  await begin()
  await expectSeen(['10.0.0.1', '10.0.0.2'])
  await running!.stop()
  expect(JSON.parse(readFileSync(join(folder, 'state/checkpoint.json'), 'utf8'))).toEqual({
    file: 'a.pcap',
    frames: 2,
  })
  hosts = []
  appendFileSync(path, frame(3))
  writeFileSync(join(folder, 'b.pcap'), Buffer.concat([HEAD, frame(4)]))
  await begin()
  await expectSeen(['10.0.0.3', '10.0.0.4'])
})

test('says what to do about a checkpoint that is none', async () => {
  writeFileSync(join(folder, 'bad.json'), '{"file":')
  const options = { folder, siteId: 'main', publish: async () => {}, log: () => {} }
  await expect(follow({ ...options, checkpointPath: join(folder, 'bad.json') })).rejects.toThrow(
    'remove it to read the folder from its start',
  )
})
