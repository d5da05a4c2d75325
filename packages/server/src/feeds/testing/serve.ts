import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Page = (request: IncomingMessage, response: ServerResponse) => void

export interface TestServer {
  readonly url: string
  /** Paths that were asked for, with their query. */
  readonly asked: string[]
  readonly headers: IncomingMessage['headers'][]
  readonly pages: Map<string, Page | string | Uint8Array>
  close(): Promise<void>
}

/** A real web server on the loopback address that gives what the test puts in. */
export async function serveFeeds(): Promise<TestServer> {
  const pages = new Map<string, Page | string | Uint8Array>()
  const asked: string[] = []
  const headers: IncomingMessage['headers'][] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    headers.push(request.headers)
    const page = pages.get((request.url ?? '').split('?')[0] ?? '')
    if (page === undefined) response.writeHead(404).end('{}')
    else if (typeof page === 'function') page(request, response)
    else response.end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    headers,
    pages,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
