import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const CAPTURE = join(ROOT, 'captures/lab/hospital.pcapng')
const FOLDER = mkdtempSync(join(tmpdir(), 'wardkeeper-dissect-'))
const PROJECT = join(FOLDER, 'project')
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

// npm hands its own settings down in the environment; the empty project has none.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(?!execpath)/.test(name)),
)
const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 })

/** The example of the README, on a capture of ours. */
function example(): string {
  const readme = readFileSync(join(PROJECT, 'node_modules/@wardkeeper/dissect/README.md'), 'utf8')
  const code = /```js\n([^`]+)```/.exec(readme)?.[1]
  expect(code).toBeDefined()
  return code!
}

beforeAll(() => {
  run(process.execPath, [join(ROOT, 'scripts/build-dissect.mjs'), join(FOLDER, 'built')], ROOT)
  run('npm', ['pack', join(FOLDER, 'built'), '--pack-destination', FOLDER, '--silent'], FOLDER)
  mkdirSync(PROJECT)
  writeFileSync(join(PROJECT, 'package.json'), '{ "private": true, "type": "module" }')
  const tarball = readdirSync(FOLDER).find((name) => name.endsWith('.tgz'))!
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(FOLDER, tarball)], PROJECT)
}, 120_000)

test('the package brings nothing with it and names no path of this machine', () => {
  expect(
    readdirSync(join(PROJECT, 'node_modules')).filter((name) => !name.startsWith('.')),
  ).toEqual(['@wardkeeper'])
  const folder = join(PROJECT, 'node_modules/@wardkeeper/dissect')
  const code = readFileSync(join(folder, 'index.js'), 'utf8')
  expect(code).not.toContain(ROOT)
  expect(code).not.toMatch(/^import /m)
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).not.toHaveProperty(
    'dependencies',
  )
})

test('the example of its README runs in an empty project, in ten lines', () => {
  expect(example().trim().split('\n').filter(Boolean).length).toBeLessThanOrEqual(13)
  copyFileSync(CAPTURE, join(PROJECT, 'capture.pcap'))
  writeFileSync(join(PROJECT, 'example.js'), example())
  const lines = run(process.execPath, ['example.js'], PROJECT).trim().split('\n')
  expect(lines.length).toBeGreaterThan(1000)
  expect(lines.some((line) => line.endsWith(' hl7'))).toBe(true)
  expect(lines.some((line) => line.includes(' dicom.implementation-version '))).toBe(true)
})

test('its types hold in a strict project', () => {
  const typed = `${example().replace("import { readFileSync } from 'node:fs'\n", 'declare function readFileSync(path: string): Uint8Array\ndeclare const console: { log(...all: unknown[]): void }\n')}
const wrong: number = engine.counters
export { wrong }
`
  writeFileSync(join(PROJECT, 'example.ts'), typed)
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const args = [tsc, '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024']
  let complaints = ''
  try {
    run(process.execPath, [...args, '--types', '', 'example.ts'], PROJECT)
  } catch (error) {
    complaints = (error as { stdout: string }).stdout
  }
  // The one mistake that was planted is found, so the types were looked at; no other.
  expect(
    complaints
      .trim()
      .split('\n')
      .filter((line) => line.includes('error TS')),
  ).toEqual([
    expect.stringMatching(
      /^example\.ts\(\d+,\d+\): error TS2322: .*not assignable to type 'number'/,
    ),
  ])
})
