import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const MAIN = resolve(import.meta.dirname, '../main.mjs')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkeeper-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function wardkeeper(args: readonly string[], input?: Uint8Array) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { status, stdout, stderr }
}

/** A pcap with one Ethernet frame: a DNS query from 10.0.0.5 to 10.0.0.1. */
function dnsCapture(): Buffer {
  const dns = Buffer.from('0001010000010000000000000470756d7008686f73706974616c0000010001', 'hex')
  const udp = Buffer.alloc(8)
  udp.writeUInt16BE(40_000, 0)
  udp.writeUInt16BE(53, 2)
  udp.writeUInt16BE(8 + dns.length, 4)
  const ip = Buffer.from('4500000000010000401100000a0000050a000001', 'hex')
  ip.writeUInt16BE(28 + dns.length, 2)
  const frame = Buffer.concat([Buffer.from('00091a00000100409d0000050800', 'hex'), ip, udp, dns])
  const head = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex')
  const record = Buffer.alloc(16)
  record.writeUInt32LE(1_700_000_000, 0)
  record.writeUInt32LE(123_456, 4)
  record.writeUInt32LE(frame.length, 8)
  record.writeUInt32LE(frame.length, 12)
  return Buffer.concat([head, record, frame])
}

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

function linesOf(path: string): unknown[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
}

test.each<[string, Record<string, string>]>([
  ['beside the program, never in the folder for temporary files, where others may write', {}],
  ['there, too, where the folder named for it is empty', { NODE_COMPILE_CACHE: '' }],
])('what was compiled is kept %s', (_, named) => {
  const { NODE_COMPILE_CACHE: __, ...environment } = process.env
  const script = 'console.log(process.env.NODE_COMPILE_CACHE)'
  const loaded = `await import(${JSON.stringify(pathToFileURL(MAIN).href)}); ${script}`
  const { stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', loaded, '--', '--version'],
    { encoding: 'utf8', env: { ...environment, ...named, TMPDIR: folder }, cwd: folder },
  )
  const kept = stdout.trim().split('\n').at(-1)!
  expect(kept.startsWith(resolve(import.meta.dirname, '../../../../node_modules/.cache/'))).toBe(
    true,
  )
  expect(existsSync(kept)).toBe(true)
  expect(readdirSync(folder)).toEqual([])
})

test('help names every command, and each has help of its own', () => {
  const { status, stdout } = wardkeeper(['--help'])
  expect(status).toBe(0)
  for (const command of ['start', 'analyze']) {
    expect(stdout).toContain(command)
    expect(wardkeeper([command, '--help'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Examples:'),
    })
  }
})

test.each([
  ['an unknown command', ['analyse']],
  ['an unknown option', ['analyze', '--fast', 'x.pcap']],
  ['no input', ['analyze']],
  ['a port that is none', ['start', '--port', 'http']],
])('%s is wrong use', (_what, args) => {
  const { status, stderr } = wardkeeper(args)
  expect(status).toBe(2)
  expect(stderr).not.toContain('    at ')
})

test('writes flows, observations and assets as documented', () => {
  const out = join(folder, 'out')
  const { status, stdout } = wardkeeper([
    'analyze',
    put('a.pcap', dnsCapture()),
    '--out',
    out,
    '--json',
  ])
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ frames: 1, flows: 1 })
  expect(linesOf(join(out, 'flows.jsonl'))).toEqual([
    {
      id: 1,
      start: '2023-11-14T22:13:20.123456Z',
      end: '2023-11-14T22:13:20.123456Z',
      sensor: 'capture',
      vlan: [],
      transport: 'udp',
      client: { ip: '10.0.0.5', port: 40_000, mac: '00:40:9d:00:00:05' },
      server: { ip: '10.0.0.1', port: 53, mac: '00:09:1a:00:00:01' },
      protocol: 'dns',
      confidence: 'content',
      also: [],
      packets: [1, 0],
      bytes: [59, 0],
    },
  ])
  expect(linesOf(join(out, 'observations.jsonl'))).toContainEqual(
    expect.objectContaining({ field: 'dns.query', value: 'pump.hospital', frame: 1, flow: 1 }),
  )
  expect(existsSync(join(out, 'assets.jsonl'))).toBe(true)
})

test('reads standard input', () => {
  expect(wardkeeper(['analyze', '-', '--json'], dnsCapture())).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('"frames":1'),
  })
})

test('uses a capture up to where it is cut, and says where', () => {
  const capture = dnsCapture()
  const cut = put('cut.pcap', Buffer.concat([capture, capture.subarray(24, 60)]))
  const { status, stdout, stderr } = wardkeeper(['analyze', cut, '--json'])
  expect(status).toBe(0)
  expect(stdout).toContain('"frames":1')
  expect(stderr).toContain(`${cut}: used up to byte ${capture.length}`)
})

test('names what cannot be read, and still analyses the rest', () => {
  const bad = put('page.pcap', Buffer.from('<!doctype html><title>Sign in</title>'.padEnd(100)))
  const { status, stdout, stderr } = wardkeeper([
    'analyze',
    bad,
    put('a.pcap', dnsCapture()),
    '--json',
  ])
  expect(status).toBe(3)
  expect(stderr).toContain(`${bad}: cannot be read from byte 0`)
  expect(stdout).toContain('"frames":1')
})

test('a path that is not there ends with 3 and words, not with a stack', () => {
  const { status, stderr } = wardkeeper(['analyze', join(folder, 'nothing.pcap')])
  expect(status).toBe(3)
  expect(stderr).toMatch(/nothing\.pcap: there is no such file or folder\n$/)
})

test('a file that is not there is named in a sentence, whatever command was to read it', () => {
  const missing = join(folder, 'nothing.json')
  const out = join(folder, 'x.wkb')
  const keyless = ['feed', 'bundle', '--out', out, '--key', missing, '--from', `kev=${missing}`]
  expect(wardkeeper(keyless)).toMatchObject({
    status: 1,
    stderr: `wardkeeper: ${missing}: there is no such file or folder\n`,
  })
})

test('a folder without a capture says so', () => {
  put('notes.txt', Buffer.from('hello'))
  expect(wardkeeper(['analyze', folder])).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('no capture'),
  })
})
