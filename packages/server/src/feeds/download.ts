import http from 'node:http'
import https from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import { unpack } from './decode.ts'
import { FeedRefused } from './feed.ts'

export interface DownloadOptions {
  readonly maxBytes: number
  readonly headers?: Readonly<Record<string, string>>
  /** What the source said the last time; it then answers 304 where nothing changed. */
  readonly etag?: unknown
  readonly lastModified?: unknown
  /** Not more often than this, in ms between two requests to one host. */
  readonly everyMs?: number
  /** Answers that are no failure, 404 for example. */
  readonly allowed?: readonly number[]
}

export interface Downloaded {
  readonly status: number
  /** Empty for 304. */
  readonly bytes: Uint8Array
  readonly etag: string | undefined
  readonly lastModified: string | undefined
  /** `Link` header. */
  readonly link: string | undefined
}

export type Download = (url: string, options: DownloadOptions) => Promise<Downloaded>

export interface DownloadSettings {
  /** Waits after the first, second .. failure, in ms. */
  readonly backOff?: readonly number[]
  /** Longest time of one request, in ms. */
  readonly timeoutMs?: number
  /** Environment with HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
  readonly proxy?: NodeJS.ProcessEnv
}

const BACK_OFF = [2000, 8000, 30_000]
const TIMEOUT_MS = 120_000
const LONGEST_WAIT_MS = 60_000
const REDIRECTS = 5
const PASSING = new Set([408, 429, 500, 502, 503, 504])

/** Fetches over HTTPS with bounds on size, time, redirects and pace; tries again after what passes. */
export function makeDownload(settings: DownloadSettings = {}): Download {
  const backOff = settings.backOff ?? BACK_OFF
  const timeoutMs = settings.timeoutMs ?? TIMEOUT_MS
  const proxy = settings.proxy ?? process.env
  const agents = {
    'http:': new http.Agent({ proxyEnv: proxy }),
    'https:': new https.Agent({ proxyEnv: proxy }),
  }
  const last = new Map<string, number>()

  const pace = async (host: string, everyMs: number) => {
    const ready = (last.get(host) ?? 0) + everyMs
    const now = Date.now()
    last.set(host, Math.max(ready, now))
    if (ready > now) await wait(ready - now)
  }

  return async (address, options) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await follow(address, options)
      } catch (error) {
        const pause = backOff[attempt]
        if (!(error instanceof Passing) || pause === undefined) throw explain(error, address)
        await wait(Math.min(error.retryAfterMs ?? pause, LONGEST_WAIT_MS))
      }
    }
  }

  async function follow(address: string, options: DownloadOptions): Promise<Downloaded> {
    let url = demandSafe(address)
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      await pace(url.host, options.everyMs ?? 0)
      const answer = await request(url, options)
      if (typeof answer === 'object') return answer
      const next = demandSafe(new URL(answer, url).href)
      demandOutside(url.href, next.href)
      // A key goes to the host that it is for, and to no other.
      if (next.host !== url.host) options = { ...options, headers: {} }
      url = next
    }
    throw new FeedRefused(`${nameOf(address)} leads from one address to the next without end.`)
  }

  /** The answer, or the address that it points to. */
  function request(url: URL, options: DownloadOptions): Promise<Downloaded | string> {
    const { etag, lastModified, maxBytes } = options
    const headers = {
      'user-agent': 'wardkeeper',
      'accept-encoding': 'gzip',
      ...options.headers,
      ...(typeof etag === 'string' && { 'if-none-match': etag }),
      ...(typeof lastModified === 'string' && { 'if-modified-since': lastModified }),
    }
    const isPlain = url.protocol === 'http:'
    const send = isPlain ? http.request : https.request
    const agent = agents[isPlain ? 'http:' : 'https:']
    const signal = AbortSignal.timeout(timeoutMs)
    return new Promise((resolve, reject) => {
      const call = send(url, { headers, agent, signal }, (response) => {
        receive(response, url, options, maxBytes).then(resolve, reject)
      })
      call.on('error', (error) =>
        reject(signal.aborted ? new Passing('took too long') : new Passing(error.message)),
      )
      call.end()
    })
  }
}

/** A failure that may be gone the next time. */
class Passing extends Error {
  readonly retryAfterMs: number | undefined
  constructor(message: string, retryAfterMs?: number) {
    super(message)
    this.name = 'Passing'
    this.retryAfterMs = retryAfterMs
  }
}

async function receive(
  response: http.IncomingMessage,
  url: URL,
  options: DownloadOptions,
  maxBytes: number,
): Promise<Downloaded | string> {
  const status = response.statusCode ?? 0
  const { location, etag, link } = response.headers
  const lastModified = response.headers['last-modified']
  const isGood = status === 200 || status === 304 || (options.allowed ?? []).includes(status)
  if (!isGood) response.resume()
  if (status >= 301 && status <= 308 && status !== 304 && location !== undefined) return location
  if (PASSING.has(status)) {
    const seconds = Number(response.headers['retry-after'])
    throw new Passing(`answers ${status}`, seconds > 0 ? seconds * 1000 : undefined)
  }
  if (!isGood) throw new FeedRefused(`${nameOf(url.href)} answers ${status}. ${adviceOn(status)}`)
  const packed = await collect(response, maxBytes, url)
  const isPacked = response.headers['content-encoding'] === 'gzip'
  const bytes = isPacked && packed.length > 0 ? await unpack(packed, maxBytes) : packed
  const linked = Array.isArray(link) ? link.join(', ') : link
  return { status, bytes, etag, lastModified, link: linked }
}

async function collect(
  response: http.IncomingMessage,
  maxBytes: number,
  url: URL,
): Promise<Uint8Array> {
  const tooLarge = () =>
    new FeedRefused(`${nameOf(url.href)} is larger than ${maxBytes.toLocaleString('en')} bytes.`)
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
    response.destroy()
    throw tooLarge()
  }
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size > maxBytes) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof FeedRefused) throw error
    throw new Passing('broke off in the middle')
  }
  return Buffer.concat(chunks)
}

function adviceOn(status: number): string {
  if (status === 401 || status === 403) return 'Look at its key and at its limits.'
  return status === 404 ? 'The address may have changed: look at its settings.' : ''
}

/** What comes from elsewhere does not send us to the services of this very machine. */
export function demandOutside(from: string, to: string): void {
  const [source, target] = [URL.parse(from), URL.parse(to)]
  if (source === null || target === null || isLoopback(source) || !isLoopback(target)) return
  throw new FeedRefused(`${nameOf(from)} points to this machine itself: that is not followed.`)
}

function isLoopback({ hostname }: URL): boolean {
  return /^(?:127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f.*\]|(?:.*\.)?localhost\.?)$/.test(
    hostname,
  )
}

/** HTTPS only; plain HTTP is for a mirror on this very machine. */
function demandSafe(address: string): URL {
  const url = URL.parse(address)
  if (url === null) throw new FeedRefused(`"${address.slice(0, 200)}" is no address.`)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return url
  throw new FeedRefused(
    `${nameOf(address)} is not HTTPS: what comes over it could be changed on its way.`,
  )
}

/** The address without what may be a secret: no query, no name and password. */
function nameOf(address: string): string {
  const url = URL.parse(address)
  return url === null ? 'the address' : `${url.protocol}//${url.host}${url.pathname}`
}

function explain(error: unknown, address: string): Error {
  if (!(error instanceof Passing)) return error instanceof Error ? error : new Error(String(error))
  const advice =
    'Look at network and proxy (HTTPS_PROXY), or bring a bundle: docs/operate/feeds.md.'
  return new FeedRefused(`${nameOf(address)} ${error.message}. ${advice}`, { cause: error })
}
