#!/usr/bin/env node
// The command line from a checkout: makes it ready, then runs the program on a Node that is new enough.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ANALYZE_ENVIRONMENT, ANALYZE_FLAGS, START_FLAGS } from '../scripts/node-flags.mjs'
import { bootstrap, node24 } from '../scripts/bootstrap.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const args = process.argv.slice(2)

try {
  // Only the server shows pages: analysing a file must not wait for a web build.
  await bootstrap({ web: args[0] === 'start' })
  const flags = { analyze: ANALYZE_FLAGS, start: START_FLAGS }[args[0]] ?? []
  const environment = args[0] === 'analyze' ? ANALYZE_ENVIRONMENT : {}
  const program = join(root, 'packages/server/src/main.mjs')
  const child = spawn(node24(), [...flags, program, ...args], {
    stdio: 'inherit',
    env: { ...environment, ...process.env },
  })
  // The terminal sends Ctrl-C to the whole group; what is sent to this process alone is passed on.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(error.message))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
  })
} catch (error) {
  fail(error.message)
}

function fail(message) {
  process.stderr.write(`wardkeeper: ${message}\n`)
  process.exitCode = 1
}
