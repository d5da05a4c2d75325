import { exchangeFacts } from './facts/http.ts'
import { modbusFunctionOf } from './facts/modbus.ts'
import { type Ends, nameFacts } from './facts/names.ts'
import { softwareFacts } from './facts/ssh.ts'
import { certificateFields, handshakeFacts, versionName } from './facts/tls.ts'
import { endsOf, type EveEvent } from './eve-event.ts'
import { arp, dhcp } from './eve-addresses.ts'
import { flow } from './eve-flow.ts'
import type { LineOutcome, SourceFact, Told } from './source.ts'
import { factOf, microsOf } from './text.ts'

type EventReader = (event: EveEvent, time: number) => LineOutcome

/** Every kind of EVE event that is read, sorted. */
export const EVE_EVENTS: Readonly<Record<string, EventReader>> = {
  arp: (event, time) => ({ time, facts: arp(event.at('arp')) }),
  dhcp: (event, time) => ({ time, facts: dhcp(event) }),
  dns: transaction(dns),
  flow: (event, time) => withFlowId(event, flow(event, time)),
  http: transaction(http),
  mdns: transaction(dns),
  modbus: transaction(modbus),
  mqtt: transaction(mqtt),
  quic: transaction(quic),
  rdp: transaction(rdp),
  smb: transaction(smb),
  snmp: transaction(snmp),
  ssh: transaction(ssh),
  tls: transaction(tls),
}

function transaction(facts: (event: EveEvent, ends: Ends) => readonly SourceFact[]): EventReader {
  return (event, time) => withFlowId(event, { time, facts: facts(event, endsOf(event)) })
}

function withFlowId(event: EveEvent, outcome: LineOutcome): LineOutcome {
  const id = event.text('flow_id')
  if (id === undefined || outcome === undefined || 'reason' in outcome) return outcome
  return { ...outcome, conversation: id } satisfies Told
}

/** `dns` of version 2 (one event for a query, one for its answer) and 3; `mdns` of Suricata 8. */
function dns(event: EveEvent, ends: Ends): SourceFact[] {
  const body = event.has('mdns') ? event.at('mdns') : event.at('dns')
  const [question] = body.objects('queries')
  const query = (body.text('rrname') ?? question?.text('rrname'))?.toLowerCase().replace(/\.$/, '')
  if (query === undefined || query === '') return []
  const isAnswer = ['answer', 'response'].includes(body.text('type') ?? '')
  const answers = body.objects('answers').flatMap((answer) => {
    const value = answer.text('rdata')
    const kind = answer.text('rrtype')
    if (value === undefined || (kind !== 'A' && kind !== 'AAAA' && kind !== 'PTR')) return []
    return [{ name: (answer.text('rrname') ?? query).toLowerCase().replace(/\.$/, ''), value }]
  })
  return nameFacts({
    ends: answerEnds(event, ends, isAnswer),
    port: portOf(event, isAnswer),
    query,
    queryType: body.text('rrtype') ?? question?.text('rrtype'),
    answers,
    isAuthoritative: isAnswer && body.isTrue('aa'),
    isRecursive: isAnswer && body.isTrue('ra') && body.text('rcode') === 'NOERROR',
  })
}

/** Up to Suricata 7 an answer's source is still the client: the port of the server tells which end is which. */
function answerEnds(event: EveEvent, ends: Ends, isAnswer: boolean): Ends {
  const isSwapped = isAnswer && !event.has('direction') && isNamePort(event.number('src_port'))
  return isSwapped ? { client: ends.server, server: ends.client } : ends
}

function portOf(event: EveEvent, isAnswer: boolean): number {
  const [source, dest] = [event.number('src_port') ?? 0, event.number('dest_port') ?? 0]
  return isAnswer && isNamePort(source) ? source : dest
}

function isNamePort(port: number | undefined): boolean {
  return port === 53 || port === 5353 || port === 5355
}

function tls(event: EveEvent, ends: Ends): SourceFact[] {
  const body = event.at('tls')
  const prefix = versionName(body.text('version'))?.startsWith('DTLS') === true ? 'dtls' : 'tls'
  const chosen = body.text('server_alpn') ?? body.texts('server_alpns')[0]
  return [
    ...handshakeFacts({
      prefix,
      ends,
      version: body.text('version'),
      serverName: body.text('sni'),
      chosenProtocol: chosen,
      ja3: body.at('ja3').text('hash'),
      ja3s: body.at('ja3s').text('hash'),
      ja4: body.text('ja4'),
    }),
    ...factOf(ends.client, `${prefix}.alpn`, body.texts('client_alpns').join(',')),
    ...shownFacts(body, prefix, ends.server, false),
    ...shownFacts(body.at('client'), prefix, ends.client, true),
  ]
}

function shownFacts(
  body: EveEvent,
  prefix: string,
  subject: SourceFact['subject'],
  isClient: boolean,
): SourceFact[] {
  return certificateFields(
    prefix,
    {
      subject: body.text('subject'),
      issuer: body.text('issuerdn'),
      serial: body.text('serial'),
      notBefore: utcOf(body.text('notbefore')),
      notAfter: utcOf(body.text('notafter')),
      alternativeNames: body.texts('subjectaltname'),
    },
    isClient,
  ).flatMap(({ field, value }) => factOf(subject, field, value))
}

/** Times of certificates carry no zone and are UTC. */
function utcOf(text: string | undefined): number | undefined {
  const micros = text === undefined ? undefined : microsOf(text.endsWith('Z') ? text : `${text}Z`)
  return micros === undefined ? undefined : micros / 1000
}

function quic(event: EveEvent, ends: Ends): SourceFact[] {
  const body = event.at('quic')
  return [
    ...handshakeFacts({
      prefix: 'quic',
      ends,
      serverName: body.text('sni'),
      ja3: body.at('ja3').text('hash'),
      ja4: body.text('ja4'),
    }),
    ...factOf(ends.client, 'quic.user-agent', body.text('ua')),
  ]
}

function http(event: EveEvent, ends: Ends): SourceFact[] {
  const body = event.at('http')
  const header = (list: string, name: string) =>
    body
      .objects(list)
      .find((each) => each.text('name')?.toLowerCase() === name)
      ?.text('value')
  return exchangeFacts({
    ends,
    method: body.text('http_method'),
    host: body.text('hostname'),
    target: body.text('url'),
    userAgent: body.text('http_user_agent'),
    status: body.text('status'),
    serverSoftware: body.text('server') ?? header('response_headers', 'server'),
    hasBasicLogin: /^basic /i.test(header('request_headers', 'authorization') ?? ''),
    contentTypes: [
      body.text('http_content_type'),
      header('request_headers', 'content-type'),
    ].filter((type) => type !== undefined),
  })
}

function ssh(event: EveEvent, { client, server }: Ends): SourceFact[] {
  const body = event.at('ssh')
  const side = (subject: SourceFact['subject'], name: string, field: string) => {
    const said = body.at(name)
    return [
      ...factOf(subject, 'ssh.protocol', said.text('proto_version')),
      ...softwareFacts(subject, said.text('software_version')),
      ...factOf(subject, field, said.at('hassh').text('hash')),
    ]
  }
  return [...side(client, 'client', 'ssh.hassh'), ...side(server, 'server', 'ssh.hassh-server')]
}

const DIALECTS: Readonly<Record<string, string>> = {
  '2.02': 'SMB 2.0.2',
  '2.10': 'SMB 2.1',
  '3.00': 'SMB 3.0',
  '3.02': 'SMB 3.0.2',
  '3.11': 'SMB 3.1.1',
  'NT LM 0.12': 'SMB 1 (NT LM 0.12)',
}
const SYSTEM_SHARE = /^(?:IPC\$|ADMIN\$|PRINT\$|SYSVOL|NETLOGON|[A-Z]\$)$/

function smb(event: EveEvent, { client, server }: Ends): SourceFact[] {
  const body = event.at('smb')
  const share = body.text('share')?.split('\\').at(-1)?.toUpperCase()
  const [asked, answered] = [body.at('request'), body.at('response')]
  return [
    ...factOf(server, 'smb.dialect', DIALECTS[body.text('dialect') ?? '']),
    ...factOf(client, 'smb.share', SYSTEM_SHARE.test(share ?? '') ? share : undefined),
    ...factOf(client, 'smb.native-os', asked.text('native_os')),
    ...factOf(client, 'smb.native-lan-manager', asked.text('native_lm')),
    ...factOf(server, 'smb.native-os', answered.text('native_os')),
    ...factOf(server, 'smb.native-lan-manager', answered.text('native_lm')),
    ...factOf(client, 'ntlm.workstation', body.at('ntlmssp').text('host')),
  ]
}

const SNMP_OPERATIONS: Readonly<Record<string, string>> = {
  get_request: 'get',
  get_next_request: 'get-next',
  get_bulk_request: 'get-bulk',
  inform_request: 'inform',
  report: 'report',
  response: 'response',
  set_request: 'set',
  trap_v1: 'trap',
  trap_v2: 'trap',
}

/** A community counts only when it is answered to; one that is no factory default is never told. */
function snmp(event: EveEvent, { client, server }: Ends): SourceFact[] {
  const body = event.at('snmp')
  const operation = SNMP_OPERATIONS[body.text('pdu_type') ?? '']
  const community = body.text('community')
  const isDefault = community === 'public' || community === 'private'
  const isAnswer = operation === 'response'
  const version = body.text('version')
  return [
    ...factOf(isAnswer ? server : client, 'snmp.operation', operation),
    ...factOf(client, 'snmp.version', version === '2' ? '2c' : version),
    ...(isAnswer && community !== undefined
      ? [
          ...factOf(server, 'snmp.community', isDefault ? community : undefined),
          ...factOf(server, 'snmp.community-default', String(isDefault)),
        ]
      : []),
  ]
}

function modbus(event: EveEvent, { client, server }: Ends): SourceFact[] {
  const request = event.at('modbus').at('request')
  const response = event.at('modbus').at('response')
  // Suricata's names of functions are abbreviations of its own: the number is the same for all.
  const name = modbusFunctionOf(request.number('function_raw'))
  const why = response
    .at('exception')
    .text('code')
    ?.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
  return [
    ...factOf(client, 'modbus.function', name),
    ...factOf(server, 'modbus.unit', request.text('unit_id')),
    ...factOf(
      server,
      'modbus.exception',
      why === undefined || name === undefined ? undefined : `${name}: ${why.toLowerCase()}`,
    ),
  ]
}

/** MQTT: the connection only; topics may speak of patients. */
function mqtt(event: EveEvent, { client, server }: Ends): SourceFact[] {
  const connect = event.at('mqtt').at('connect')
  if (!event.at('mqtt').has('connect')) return []
  const flags = connect.at('flags')
  return [
    ...factOf(client, 'mqtt.client-id', connect.text('client_id')),
    ...factOf(client, 'mqtt.user-name-sent', String(flags.isTrue('username'))),
    ...factOf(client, 'mqtt.password-sent', String(flags.isTrue('password'))),
    ...factOf(server, 'mqtt.role', 'broker'),
  ]
}

const RDP_SECURITY: Readonly<Record<string, string>> = {
  hybrid: 'CredSSP',
  hybrid_ex: 'CredSSP early user authorization',
  rdp: 'standard RDP',
  ssl: 'TLS',
}

function rdp(event: EveEvent, { client, server }: Ends): SourceFact[] {
  const body = event.at('rdp')
  return [
    ...factOf(server, 'rdp.security', RDP_SECURITY[body.text('protocol') ?? '']),
    ...factOf(client, 'rdp.client-name', body.at('client').text('client_name')),
  ]
}
