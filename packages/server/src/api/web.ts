import { existsSync } from 'node:fs'
import path from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { ApiError } from './errors.ts'

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Wardkeeper</title>
<body><h1>The web interface is not built</h1>
<p>Run <code>npm start</code>, which builds it, or <code>npm run build</code>.
The API works: <a href="/api/openapi.json">/api/openapi.json</a>.</p></body></html>`

/** The built web interface; any path that is no file shows its one page, which knows the rest. */
export function serveWeb(app: FastifyInstance, folder: string): void {
  const page = path.join(folder, 'index.html')
  void app.register(staticFiles, { root: path.resolve(folder), serve: false, logLevel: 'silent' })
  app.get(
    '/*',
    { config: { permission: 'public' }, schema: { hide: true } },
    async (request, reply) => {
      const file = decodeURIComponent(request.url.split('?')[0] ?? '/').slice(1)
      if (file.startsWith('api/')) throw new ApiError('no-such-route')
      if (file !== '' && isInside(folder, file) && /\.[a-z0-9]+$/i.test(file)) {
        if (!existsSync(path.join(folder, file)))
          return reply.code(404).type('text/plain').send('Not found')
        // Names under assets/ carry a hash of their content.
        const isHashed = file.startsWith('assets/')
        return reply.sendFile(file, isHashed ? { maxAge: '1y', immutable: true } : { maxAge: 0 })
      }
      if (!existsSync(page)) return reply.code(503).type('text/html').send(NOT_BUILT)
      return reply
        .header('cache-control', 'no-cache')
        .sendFile('index.html', { cacheControl: false })
    },
  )
}

function isInside(folder: string, file: string): boolean {
  const root = path.resolve(folder)
  return path.resolve(root, file).startsWith(`${root}${path.sep}`)
}
