import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
let folder: string

// The violations are planted in a copy of the rules, never in the checkout itself.
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkeeper-architecture-'))
  for (const file of ['.oxlintrc.json', 'tsconfig.base.json', 'packages/dissect/tsconfig.json']) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(ROOT, file), join(folder, file))
  }
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function runTool(name: string, args: readonly string[]) {
  const path = join(ROOT, 'node_modules/.bin', name)
  const { status, stdout, stderr } = spawnSync(path, args, { cwd: folder, encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}` }
}

test.each([
  ['the sensor imports the store', 'packages/server/src/sensor/planted.ts', '../store/database.ts'],
  [
    'the api imports a stage',
    'packages/server/src/api/routes/planted.ts',
    '../../stages/triage.ts',
  ],
  ['a stage imports the api', 'packages/server/src/stages/planted.ts', '../api/api.ts'],
  ['the store imports the sensor', 'packages/server/src/store/planted.ts', '../sensor/replay.ts'],
  ['a feed imports a stage', 'packages/server/src/feeds/planted.ts', '../stages/triage.ts'],
  ['the web client imports the server', 'packages/web/src/planted.ts', '@wardkeeper/server'],
  ['the web client imports the core', 'packages/web/src/planted.ts', '@wardkeeper/core'],
  ['core imports Node', 'packages/core/src/planted.ts', 'node:fs'],
  ['dissect imports core', 'packages/dissect/src/planted.ts', '@wardkeeper/core'],
])('lint refuses that %s', (_what, path, target) => {
  plant(path, `import { thing } from '${target}'\nexport const other = thing\n`)
  const { status, output } = runTool('oxlint', ['packages'])
  expect(output).toContain('no-restricted-imports')
  expect(status).not.toBe(0)
})

test('lint lets an allowed import pass', () => {
  plant(
    'packages/server/src/stages/planted.ts',
    "import { thing } from '../store/database.ts'\nexport const other = thing\n",
  )
  expect(runTool('oxlint', ['packages'])).toMatchObject({ status: 0 })
})

test.each([
  ['a Node module', "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n"],
  ['a global of the platform', "export const bytes = new TextEncoder().encode('x')\n"],
])('the compiler refuses %s in dissect', (_what, text) => {
  plant('packages/dissect/src/planted.ts', text)
  const { status, output } = runTool('tsc', ['-p', 'packages/dissect', '--noEmit'])
  expect(output).toMatch(/error TS\d+/)
  expect(status).not.toBe(0)
})
