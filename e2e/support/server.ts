import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const READY_WITHIN_MS = 150_000

export interface RunningServer {
  readonly address: string
  readonly oneTimePassword: string
  stop(): Promise<void>
}

/** A new empty data folder; `stop` of the server that ran in it removes it. */
export function makeDataFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'wardkeeper-e2e-'))
}

/** Starts the program as a newcomer does, with the sample hospital, on a free port and in a folder of its own. */
export async function startServer(folder?: string): Promise<RunningServer> {
  if (!existsSync(path.join(root, 'packages/web/dist/index.html'))) {
    throw new Error('The web client is not built: run `node scripts/bootstrap.mjs` first.')
  }
  const data = folder ?? (await makeDataFolder())
  const port = await freePort()
  const child = spawn(
    process.execPath,
    ['packages/server/src/main.mjs', 'start', '--data', data, '--port', String(port)],
    { cwd: root, env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  try {
    const output = await waitUntilReady(child)
    const oneTimePassword = /Password\s+(\S+)/.exec(output)?.[1]
    const address = /Address\s+(http:\S+)/.exec(output)?.[1]
    if (!oneTimePassword || !address) throw new Error(`No address or password in:\n${output}`)
    return { address, oneTimePassword, stop: () => stop(child, data) }
  } catch (error) {
    await stop(child, data)
    throw error
  }
}

function waitUntilReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const timer = setTimeout(
      () => reject(new Error(`Not ready after ${READY_WITHIN_MS / 1000} s:\n${output}`)),
      READY_WITHIN_MS,
    )
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      if (!/Ctrl-C stops it/.test(output)) return
      clearTimeout(timer)
      resolve(output)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`The server ended with ${code}:\n${output}`))
    })
  })
}

async function stop(child: ChildProcess, data: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
  await rm(data, { recursive: true, force: true })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
