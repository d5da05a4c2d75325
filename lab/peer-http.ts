import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

/**
 * The web page of a device: Node's HTTP server with a device-like `Server` header, realm and pages.
 * Usage: peer-http.ts CONFIG with `{ port, server, realm, pages: { path: [type, body] } }`.
 */
interface Page {
  readonly port?: number
  readonly server: string
  readonly realm?: string
  readonly pages: Readonly<Record<string, readonly [type: string, body: string]>>
}

const config = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Page

createServer((request, response) => {
  const page = config.pages[request.url ?? '/']
  response.setHeader('Server', config.server)
  response.setHeader('Connection', 'close')
  if (config.realm !== undefined && request.headers.authorization === undefined) {
    response.setHeader('WWW-Authenticate', `Basic realm="${config.realm}"`)
    response.writeHead(401).end()
  } else if (page === undefined) {
    response.writeHead(404).end()
  } else {
    response.setHeader('Content-Type', page[0])
    response.end(page[1])
  }
}).listen(config.port ?? 80, '0.0.0.0')
