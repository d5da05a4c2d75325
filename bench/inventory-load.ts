/**
 * Asks a running server for pages of the inventory at a steady rate and prints one line of JSON with the latencies.
 * Run by `inventory.ts`: the job comes on standard input. Each request counts from the moment it was due.
 */
import { request as httpRequest, Agent } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

export interface LoadJob {
  readonly address: string
  readonly username: string
  readonly password: string
  readonly perSecond: number
  readonly seconds: number
  /** Paths by the name under which they are reported; several in one list belong to one page. */
  readonly pages: Readonly<Record<string, readonly (readonly string[])[]>>
}

export interface LoadResult {
  readonly milliseconds: Readonly<Record<string, readonly number[]>>
  readonly slowest: Readonly<
    Record<string, { readonly path: string; readonly milliseconds: number }>
  >
  readonly failures: readonly string[]
}

/** Not counted: the server's code is compiled by use. */
const WARM_UP_SECONDS = 5
const NEW_PASSWORD = 'a long sentence for the bench'

let input = ''
for await (const piece of process.stdin) input += String(piece)
const job = JSON.parse(input) as LoadJob
const agent = new Agent({ keepAlive: true, maxSockets: 64 })
let cookie = ''
await call('POST', '/api/session', { username: job.username, password: job.password })
await call('POST', '/api/session/password', { current: job.password, next: NEW_PASSWORD })
await call('POST', '/api/session', { username: job.username, password: NEW_PASSWORD })
process.stdout.write(`${JSON.stringify(await run())}\n`)
agent.destroy()

async function run(): Promise<LoadResult> {
  const names = Object.keys(job.pages)
  const milliseconds: Record<string, number[]> = Object.fromEntries(names.map((n) => [n, []]))
  const slowest: Record<string, LoadResult['slowest'][string]> = {}
  const failures: string[] = []
  const waiting: Promise<void>[] = []
  const warmUp = job.perSecond * WARM_UP_SECONDS
  const started = performance.now() + WARM_UP_SECONDS * 1000
  for (let number = -warmUp; number < job.perSecond * job.seconds; number++) {
    const due = started + (number * 1000) / job.perSecond
    const early = due - performance.now()
    if (early > 0) await wait(early)
    const place = number + warmUp
    const name = names[place % names.length]!
    const pages = job.pages[name]!
    const paths = pages[Math.floor(place / names.length) % pages.length]!
    const page = Promise.all(paths.map((path) => call('GET', path))).then(
      () => {
        if (number < 0) return
        const took = performance.now() - due
        milliseconds[name]!.push(took)
        if (took > (slowest[name]?.milliseconds ?? 0))
          slowest[name] = { path: paths[0]!, milliseconds: took }
      },
      (error: unknown) => void failures.push(`${paths[0]}: ${String(error)}`),
    )
    waiting.push(page)
  }
  await Promise.all(waiting)
  return { milliseconds, slowest, failures }
}

function call(method: string, path: string, body?: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, origin: job.address, 'content-type': 'application/json' }
    const { 'content-type': _, ...bare } = headers
    const sent = httpRequest(
      new URL(path, job.address),
      { method, agent, headers: body === undefined ? bare : headers },
      (response) => {
        const [set] = response.headers['set-cookie'] ?? []
        if (set !== undefined) cookie = set.split(';')[0]!
        response.resume()
        response.once('end', () => {
          const status = response.statusCode ?? 0
          if (status < 300) resolve()
          else reject(new Error(`status ${status}`))
        })
      },
    )
    sent.once('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
