import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFolder } from './folders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkeeper-folders-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('makes those above it too, and is content with one that is there', () => {
  makeFolder(join(folder, 'a/b/c'))
  expect(existsSync(join(folder, 'a/b/c'))).toBe(true)
  makeFolder(join(folder, 'a/b'))
  makeFolder('.')
})

test('a file in the way is told', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => makeFolder(join(folder, 'file'))).toThrow(/EEXIST/)
  expect(() => makeFolder(join(folder, 'file/below/it'))).toThrow(/ENOTDIR/)
})

test.runIf(process.platform === 'linux').each(['/proc/nowhere', '/proc/nowhere/below'])(
  '%s, where nobody can make one, is told at once (on Linux)',
  (path) => {
    // In a process of its own: what does not come back would hold this one for ever.
    const program = `import(${JSON.stringify(join(import.meta.dirname, 'folders.ts'))})
      .then(({ makeFolder }) => makeFolder(${JSON.stringify(path)})).catch((error) => console.log(error.code))`
    const { stdout, signal } = spawnSync(process.execPath, ['-e', program], {
      encoding: 'utf8',
      timeout: 20_000,
    })
    expect([signal, stdout.trim()]).toEqual([null, 'ENOENT'])
  },
)
