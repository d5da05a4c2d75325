// What continuous integration runs besides the tests: types, lint, format, dead code, lock file.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const steps = [
  ['types', 'tsc', ['-b']],
  ['types of tests', 'tsc', ['-p', 'tsconfig.test.json']],
  ['lint', 'oxlint', ['--type-aware']],
  ['format', 'oxfmt', ['--check']],
  ['dead code', 'knip', []],
]

let failed = 0
for (const [title, command, args] of steps) {
  const started = Date.now()
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  report(title, status === 0, Date.now() - started, `${stdout ?? ''}${stderr ?? ''}`)
}
const lock = readFileSync('package-lock.json', 'utf8')
report(
  'lock file',
  !/"resolved": "https?:/.test(lock),
  0,
  'package-lock.json carries download addresses\n',
)
process.exit(failed === 0 ? 0 : 1)

function report(title, isFine, milliseconds, output) {
  console.log(`${isFine ? 'ok    ' : 'FAILED'}  ${title} (${(milliseconds / 1000).toFixed(1)} s)`)
  if (isFine) return
  failed++
  console.log(output)
}
