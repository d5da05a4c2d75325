import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import swagger from '@fastify/swagger'
import { Refusal } from '@wardkeeper/core'
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { BadCursor } from '../store/keyset.ts'
import { passingFailure, type PassingFailure } from '../store/passing-failure.ts'
import { findSession } from '../store/sessions.ts'
import { actorOf } from './actor.ts'
import type { ApiContext } from './context.ts'
import { ApiError, problem, problemOf, type ErrorCode } from './errors.ts'
import { ROUTES } from './routes.ts'
import { checkPermission, demandPermissions, serveOn } from './serve.ts'
import { isForeign, SESSION_COOKIE } from './session-cookie.ts'
import { demandText } from './text.ts'
import { serveWeb } from './web.ts'

export interface ApiOptions {
  readonly context: ApiContext
  /** Built web interface; a page says so when it is not there. */
  readonly webFolder: string
  readonly log: FastifyBaseLogger | undefined
  /** Further routes, for tests. */
  readonly extra?: (app: FastifyInstance) => void
}

const JSON_LIMIT = 1_000_000
const CAPTURE_LIMIT = 4 * 1024 ** 3

const SERVER = {
  // Fastify's own lines carry the query; ours do not.
  logController: new LogController({ disableRequestLogging: true }),
  bodyLimit: JSON_LIMIT,
  routerOptions: { maxParamLength: 200 },
  // Open event streams must not hold up the end.
  forceCloseConnections: true,
} as const

/** Builds the HTTP API; it listens nowhere yet. */
export async function buildApi({
  context,
  webFolder,
  log,
  extra,
}: ApiOptions): Promise<FastifyInstance> {
  const options = { ...SERVER, frameworkErrors: answerError }
  const app: FastifyInstance = fastify(log ? { ...options, loggerInstance: log } : options)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  demandPermissions(app)
  app.decorateRequest('actor', undefined)
  app.decorateRequest('sessionToken', undefined)
  await app.register(cookie)
  await app.register(helmet, HEADERS)
  await app.register(multipart, {
    limits: { fileSize: CAPTURE_LIMIT, files: 1, fields: 5, parts: 6 },
  })
  await app.register(swagger, OPENAPI)
  app.addHook('onRequest', async (request, reply) => {
    // What is true of patients' devices is kept neither by proxies nor by the browser after signing out.
    if (isApi(request)) reply.header('cache-control', 'no-store')
    await admit(request, context)
  })
  app.addHook('preValidation', async (request) => demandText(request))
  app.addHook('onResponse', async (request, reply) => logRequest(request, reply))
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(() => {
    throw new ApiError('no-such-route')
  })
  const serve = serveOn(app)
  for (const routes of ROUTES) routes(serve, context, app)
  extra?.(app)
  serveWeb(app, webFolder)
  return app
}

const HEADERS = {
  contentSecurityPolicy: {
    directives: {
      defaultSrc: ["'self'"],
      // The component library writes its theme into a style element.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      workerSrc: ["'self'", 'blob:'],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      frameAncestors: ["'none'"],
      // Served over plain HTTP on the loopback address by default.
      upgradeInsecureRequests: null,
    },
  },
  strictTransportSecurity: false,
} as const

const OPENAPI = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Wardkeeper',
      version: '0.1.0',
      description: 'Everything the web interface can do.',
    },
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE } },
    },
  },
  transform: jsonSchemaTransform,
  transformObject: jsonSchemaTransformObject,
} as const

/** Who is it, does it come from our own pages, and may they. */
async function admit(request: FastifyRequest, { database, now }: ApiContext): Promise<void> {
  if (isForeign(request)) throw new ApiError('cross-site')
  const token = request.cookies[SESSION_COOKIE]
  if (token !== undefined && (isApi(request) || request.url.startsWith('/metrics'))) {
    const user = await findSession(database.db, token, now())
    request.actor = user && actorOf(user)
    request.sessionToken = token
  }
  checkPermission(request)
}

function isApi({ url }: FastifyRequest): boolean {
  return url.startsWith('/api/')
}

function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const body = bodyOf(error)
  if (body.status >= 500)
    request.log.error({ err: error, route: request.routeOptions.url }, 'failed')
  return reply
    .code(body.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(body)
}

function bodyOf(error: FastifyError) {
  if (error instanceof ApiError) return problemOf(error.code, error.reasons)
  if (error instanceof Refusal)
    return problem(error.code, 409, 'A rule refuses this', error.reasons)
  if (hasZodFastifySchemaValidationErrors(error)) {
    const reasons = error.validation.map(({ instancePath, message }) => {
      const field = instancePath.split('/').filter(Boolean).join('.')
      return `${field || error.validationContext || 'input'}: ${message ?? 'wrong'}`
    })
    return problemOf('invalid-input', reasons)
  }
  if (error instanceof BadCursor)
    return problemOf('invalid-input', ['cursor: not one of this list'])
  const status = error.statusCode ?? 500
  if (status === 413) return problemOf('too-large')
  if (status >= 400 && status < 500) return problem('invalid-input', status, error.message, [])
  const passing = passingFailure(error)
  return problemOf(passing === undefined ? 'internal' : BY_FAILURE[passing])
}

const BY_FAILURE = {
  away: 'database-away',
  'turned-back': 'busy',
  full: 'disk-full',
  other: 'internal',
} as const satisfies Readonly<Record<PassingFailure, ErrorCode>>

/** Neither query values (somebody's search) nor bodies are logged. */
function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      user: request.actor?.username,
    },
    'request',
  )
}
