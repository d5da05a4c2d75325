import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Role } from '@wardkeeper/core'
import type { FastifyInstance } from 'fastify'
import { buildApi } from '../api/api.ts'
import { ChangeFeed } from '../api/change-feed.ts'
import type { ApiContext } from '../api/context.ts'
import { SESSION_COOKIE } from '../api/session-cookie.ts'
import { InlineBus } from '../bus/inline.ts'
import type { Database } from '../store/database.ts'
import { openFeedDesk } from '../feeds/desk.ts'
import { openSession } from '../store/sessions.ts'
import { newId } from '../store/uuid.ts'
import { testContent } from './content.ts'

export interface Answer {
  readonly status: number
  readonly body: never
  readonly headers: Readonly<Record<string, unknown>>
}

export interface TestUser {
  readonly id: string
  readonly username: string
  get(url: string): Promise<Answer>
  post(url: string, body?: object): Promise<Answer>
  patch(url: string, body?: object): Promise<Answer>
  put(url: string, body?: object): Promise<Answer>
  delete(url: string): Promise<Answer>
  /** Hands in one file as a form. */
  upload(url: string, name: string, bytes: Uint8Array): Promise<Answer>
}

export interface TestApi {
  readonly app: FastifyInstance
  readonly bus: InlineBus
  readonly changes: ChangeFeed
  readonly captures: { path: string; name: string }[]
  readonly documentFolder: string
  /** Moves the clock of the API. */
  now: number
  /** A signed-in user with these roles. */
  as(
    roles: readonly Role[],
    more?: { sites?: readonly string[]; technicianId?: string },
  ): Promise<TestUser>
  close(): Promise<void>
}

export interface TestApiOptions {
  readonly webFolder?: string
  readonly extra?: (app: FastifyInstance) => void
  readonly context?: Partial<ApiContext>
}

const BOUNDARY = 'wardkeeper-test'
const FORM = `multipart/form-data; boundary=${BOUNDARY}`

function formOf(name: string, bytes: Uint8Array): Buffer {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
}

let users = 0

/** The real API over the database of the test file, called without a network. */
export async function testApi(database: Database, options: TestApiOptions = {}): Promise<TestApi> {
  const bus = new InlineBus(database.db)
  const changes = new ChangeFeed(database.connection)
  await changes.start()
  const captures: { path: string; name: string }[] = []
  const clock = { now: Date.now() }
  const documentFolder = mkdtempSync(path.join(tmpdir(), 'documents-'))
  const content = await testContent()
  const app = await buildApi({
    webFolder: options.webFolder ?? '/nowhere',
    log: undefined,
    ...(options.extra ? { extra: options.extra } : {}),
    context: {
      database,
      bus,
      changes,
      feeds: openFeedDesk(
        { db: database.db, now: () => clock.now, bundledDate: content.advisoryDate },
        '/nowhere',
        () => bus.wake(),
      ),
      content,
      siteId: 'main',
      uploadFolder: mkdtempSync(path.join(tmpdir(), 'uploads-')),
      documentFolder,
      dataFolder: '/data',
      version: '0.0.0',
      isFirstRun: false,
      onCapture: (file, name) => void captures.push({ path: file, name }),
      now: () => clock.now,
      ...options.context,
    },
  })
  await app.ready()
  const call = async (
    method: string,
    url: string,
    token: string | undefined,
    body?: object,
    type?: string,
  ) => {
    const reply = await app.inject({
      method: method as 'GET',
      url,
      ...(body === undefined ? {} : { payload: body }),
      ...(type === undefined ? {} : { headers: { 'content-type': type } }),
      ...(token === undefined ? {} : { cookies: { [SESSION_COOKIE]: token } }),
    })
    const isJson = String(reply.headers['content-type']).includes('json')
    return {
      status: reply.statusCode,
      headers: reply.headers,
      body: (isJson ? reply.json() : reply.body) as never,
    }
  }
  return {
    app,
    bus,
    changes,
    captures,
    documentFolder,
    get now() {
      return clock.now
    },
    set now(value) {
      clock.now = value
    },
    async as(roles, { sites = ['*'], technicianId } = {}) {
      const id = newId()
      const username = `${roles.join('-') || 'nobody'}-${++users}`
      await database.db
        .insertInto('users')
        .values({
          id,
          username,
          name: username,
          password_hash: 'none',
          must_change_password: false,
          roles,
          sites,
          technician_id: technicianId ?? null,
        })
        .execute()
      const token = await openSession(database.db, id, clock.now)
      return {
        id,
        username,
        get: (url) => call('GET', url, token),
        post: (url, body) => call('POST', url, token, body),
        patch: (url, body) => call('PATCH', url, token, body),
        put: (url, body) => call('PUT', url, token, body),
        delete: (url) => call('DELETE', url, token),
        upload: (url, name, bytes) => call('POST', url, token, formOf(name, bytes), FORM),
      }
    },
    async close() {
      await app.close()
      await changes.stop()
      await bus.stop()
    },
  }
}
