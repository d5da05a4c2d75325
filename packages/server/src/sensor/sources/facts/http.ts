import { isIP } from 'node:net'
import { pathShape } from '@wardkeeper/dissect'
import type { SourceFact } from '../source.ts'
import { factOf } from '../text.ts'
import type { Ends } from './names.ts'

/** A request and its answer as a log tells them. The target is read for its shape only. */
export interface Exchange {
  readonly ends: Ends
  readonly method?: string | undefined
  readonly host?: string | undefined
  readonly target?: string | undefined
  readonly userAgent?: string | undefined
  readonly status?: string | undefined
  readonly serverSoftware?: string | undefined
  /** A user signed in by basic authentication; who is nobody's business. */
  readonly hasBasicLogin?: boolean
  /** Content types of request and answer. */
  readonly contentTypes?: readonly string[]
}

const CLINICAL: readonly (readonly [string, string])[] = [
  ['fhir+', 'fhir'],
  ['application/dicom', 'dicomweb'],
  ['hl7-v2', 'hl7'],
]
const METHOD = /^[A-Z][A-Z-]{1,20}$/

export function exchangeFacts(exchange: Exchange): SourceFact[] {
  const { ends, method, host, target, userAgent, status, serverSoftware } = exchange
  const { client, server } = ends
  const bare = host?.replace(/:\d+$/, '')
  const isName = bare !== undefined && isIP(bare.replaceAll(/[[\]]/g, '')) === 0
  const verb = method !== undefined && METHOD.test(method) ? method : undefined
  const isTunnel = verb === 'CONNECT' && status === '200'
  const isBasic = exchange.hasBasicLogin === true
  return [
    ...factOf(server, 'http.host', isName ? host : undefined),
    ...factOf(client, 'http.contacts', isName ? bare : undefined),
    ...factOf(client, 'http.user-agent', userAgent),
    ...factOf(
      client,
      'http.request',
      verb === undefined || target === undefined ? undefined : `${verb} ${pathShape(target).shape}`,
    ),
    ...factOf(client, 'http.auth', isBasic ? 'basic' : undefined),
    ...factOf(server, 'http.login', isBasic ? 'basic' : undefined),
    ...factOf(server, 'http.status', /^[1-5]\d\d$/.test(status ?? '') ? status : undefined),
    ...factOf(server, 'http.server', serverSoftware),
    ...factOf(server, 'http.proxy', isTunnel ? 'CONNECT' : undefined),
    ...clinicalProtocols(exchange.contentTypes).flatMap((protocol) =>
      factOf(server, `${protocol}.transport`, 'cleartext'),
    ),
  ]
}

/** Clinical applications that the content types of an exchange name. */
export function clinicalProtocols(contentTypes: readonly string[] = []): string[] {
  const types = contentTypes.map((type) => type.toLowerCase())
  return CLINICAL.filter(([mark]) => types.some((type) => type.includes(mark))).map(
    ([, protocol]) => protocol,
  )
}
