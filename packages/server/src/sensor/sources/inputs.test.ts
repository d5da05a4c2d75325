import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { analyze } from '../../cli/analyze.ts'
import { replayCapture } from '../replay.ts'
import { findInputs } from './inputs.ts'
import { LOG_SAMPLES } from './testing/samples.ts'

const CAPTURE = new URL('../../../../../captures/lab/after-nothing.pcapng', import.meta.url)
  .pathname
const CONTENT = new URL('../../../../../content', import.meta.url).pathname

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkeeper-inputs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const sample = (name: string) => LOG_SAMPLES.find((each) => each.name === name)!.lines.join('\n')

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}

test('a folder stands for its captures and its known logs; other files are passed over', async () => {
  put('b/eve.json', sample('eve.json'))
  put('a/http.log.gz', gzipSync(sample('http.log')))
  put('z.pcapng', readFileSync(CAPTURE))
  put('readme.txt', 'Logs of May.\n')
  put('data.json', '{"a":1}\n')
  put('picture.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0))
  put('empty.log', '')
  const inputs = await findInputs([folder])
  expect(inputs.map((input) => [input.name, 'log' in input ? input.log.name : 'capture'])).toEqual([
    ['z.pcapng', 'capture'],
    ['a/http.log.gz', 'zeek'],
    ['b/eve.json', 'suricata'],
  ])
})

test('analyze reads logs and captures together, numbers flows without a clash, and tells bad lines', async () => {
  const conn = [
    '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto',
    '1714550400.0\tC1\t10.1.0.7\t1\t10.1.0.9\t22\ttcp',
    '1714550401.0\tC2\t10.1.0.7\t2\t10.1.0.9\t22\ttcp',
    'cut off',
  ]
  put('conn.log', conn.join('\n'))
  put('one.pcapng', readFileSync(CAPTURE))
  const out = join(folder, 'out')
  expect(await analyze([folder], CONTENT, { out, quiet: true, sensor: 'test' })).toBe(0)
  const ids = readFileSync(join(out, 'flows.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: number }).id)
  expect(ids.length).toBeGreaterThan(2)
  expect(new Set(ids).size).toBe(ids.length)
})

test('a replayed log goes into the line in the same batches each time', async () => {
  const path = put('eve.json', sample('eve.json'))
  const play = async () => {
    const sent: string[] = []
    const [input] = await findInputs([path])
    await replayCapture(input!, {
      sensor: 'capture:x',
      siteId: 'main',
      publish: async ({ subject, id, payload }) => {
        if (subject !== 'sensor.reported') sent.push(`${id} ${JSON.stringify(payload)}`)
      },
    })
    return sent
  }
  const first = await play()
  expect(first.join()).toContain('"smb.dialect"')
  expect(await play()).toEqual(first)
})
