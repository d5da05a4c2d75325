import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const MAIN = path.resolve(import.meta.dirname, '../main.mjs')
const monitor = { manufacturer: 'BD', model: 'Alaris PC Unit 8015', version: '99.1' }

/** Answers of the program to one device. */
function match(...args: string[]) {
  const run = spawnSync(process.execPath, [MAIN, 'match', ...args], {
    input: `${JSON.stringify(monitor)}\n`,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { code: run.status, out: run.stdout, problems: run.stderr }
}

const verdicts = (out: string) => {
  const { findings, unknown } = JSON.parse(out) as {
    findings: { verdict: string; because: { reason: string } }[]
    unknown?: string
  }
  return { all: new Set(findings.map(({ verdict }) => verdict)), findings, unknown }
}

test('old documents clear no device, fresh ones do', () => {
  const today = new Date().toISOString().slice(0, 10)
  const fresh = verdicts(match('--json', '--all', '--feed-date', today).out)
  expect(fresh.all).toContain('not-affected')
  expect(fresh.unknown).toBeUndefined()

  const old = verdicts(match('--json', '--all', '--feed-date', '2026-01-01').out)
  expect(old.all).not.toContain('not-affected')
  expect(old.all).toContain('unknown')
  expect(old.unknown).toMatch(/^Unknown because the list of advisories is \d+ days old\.$/)
  expect(old.findings.find(({ verdict }) => verdict === 'unknown')?.because.reason).toMatch(
    /^Unknown because .* Before: /,
  )

  const long = match('--json', '--all', '--feed-date', '2026-01-01', '--stale-after', '36500')
  expect(verdicts(long.out).all).toContain('not-affected')
}, 60_000)

test('a day that is none, or is still to come, is refused with how to write one', () => {
  const { code, problems } = match('--feed-date', 'yesterday')
  expect(code).toBe(2)
  expect(problems).toContain('2026-11-25')
  expect(match('--feed-date', '2999-01-01').problems).toContain('future')
}, 60_000)
