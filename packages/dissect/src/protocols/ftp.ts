import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { firstLine, lineLength, LETTERS } from '../lines.ts'
import { factOf } from '../printable.ts'

const GREETING = /^(?:220|120|421)[ -]/
const OTHER_MAIL = /\bE?SMTP\b|\bLMTP\b|\bmail\b/i
const ITSELF = /\bFTP|FTPd?\b|FileZilla|ProFTPD|vsftpd|NcFTPd|Titan/i
const COMMAND =
  /^(?:USER|PASS|SYST|FEAT|AUTH|TYPE|PASV|EPSV|PORT|EPRT|LIST|RETR|STOR|CWD|PWD|OPTS|QUIT|CLNT)\b/i
const ANONYMOUS = /^USER\s+(?:anonymous|ftp)\s*$/i

// Commands of RFC 959, 2228, 2389, 2428, 3659 and 7151, and what clients of old systems send.
const VERB =
  /^(?:\xff[\xf2-\xff])*(?:ABOR|ACCT|ADAT|ALLO|APPE|AUTH|CCC|CDUP|CLNT|CONF|CWD|DCAU|DELE|ENC|EPRT|EPSV|FEAT|HASH|HELP|HOST|LANG|LIST|LPRT|LPSV|MDTM|MFMT|MIC|MKD|MLSD|MLST|MODE|NLST|NOOP|OPTS|PASS|PASV|PBSZ|PORT|PROT|PWD|QUIT|REIN|REST|RETR|RMD|RNFR|RNTO|SITE|SIZE|SMNT|STAT|STOR|STOU|STRU|SYST|TYPE|USER|XCRC|XCUP|XCWD|XMKD|XPWD|XRMD|XSHA1)\b/i
const REPLY = /^[1-6]\d\d(?:[ -]|$)/

interface FtpState {
  /** Inside an answer of several lines, which need no code (RFC 959 §4.2). */
  isMultiline: boolean
  hasGreeting: boolean
  isAnonymous: boolean
  /** The last command whose answer matters. */
  awaits: 'system' | 'tls' | 'login' | undefined
}

/** FTP control connections: banner, system, AUTH TLS, and that somebody signs in unencrypted; never who (RFC 959, RFC 4217). */
export const ftp: Dissector = {
  protocol: 'ftp',
  over: 'tcp',
  ports: [21, 2121],
  firstBytes: [...LETTERS, 0x31, 0x32, 0x34],
  appetite: Infinity,
  looksLike,
  length: (stream) => lineLength(stream),

  *dissect(message, context) {
    const state = stateOf(context)
    const line = firstLine(message)
    message.skip(message.remaining)
    // Other protocols have commands and numbered answers too: their lines are none of this one.
    if (!(context.from === 'client' ? VERB : REPLY).test(line)) message.ok = state.isMultiline
    state.isMultiline = context.from === 'server' && isContinued(line, state.isMultiline)
    if (context.from === 'client') expectData(line, 'client', context)
    yield* context.from === 'client' ? command(line, state) : answer(line, state, context)
  },
}

function looksLike(message: Cursor, { from }: MessageContext): Likeness {
  const line = firstLine(message)
  if (from === 'client') return COMMAND.test(line) ? 'weak' : 'no'
  if (line.length < 4) return '220-120-421 '.includes(line) ? 'incomplete' : 'no'
  if (!GREETING.test(line) || OTHER_MAIL.test(line)) return 'no'
  return ITSELF.test(line) ? 'strong' : 'weak'
}

function* command(line: string, state: FtpState): Generator<Fact> {
  const verb = line.slice(0, 4).toUpperCase()
  if (verb === 'SYST') state.awaits = 'system'
  if (/^AUTH\s+(?:TLS|SSL)/i.test(line)) state.awaits = 'tls'
  if (verb === 'USER') state.isAnonymous = ANONYMOUS.test(line)
  if (verb !== 'PASS') return
  state.awaits = 'login'
  // What anonymous callers give as a password is no secret (RFC 1635).
  if (!state.isAnonymous) yield { subject: 'server', field: 'ftp.login', value: 'cleartext' }
}

function* answer(line: string, state: FtpState, context: MessageContext): Generator<Fact> {
  const code = line.slice(0, 3)
  if (!state.hasGreeting && code === '220') {
    yield* factOf('server', 'ftp.banner', line.slice(4))
    // The greeting's further lines say more only until the last one, which has a blank after its code.
    state.hasGreeting = line[3] !== '-'
    return
  }
  if (!/^\d{3} /.test(line)) return
  expectData(line, 'server', context)
  state.hasGreeting = true
  if (state.awaits === 'system' && code === '215')
    yield* factOf('server', 'ftp.system', line.slice(4))
  if (state.awaits === 'login' && code === '230' && state.isAnonymous) {
    yield { subject: 'server', field: 'ftp.anonymous', value: 'accepted' }
  }
  if (state.awaits === 'tls' && code === '234') {
    yield { subject: 'server', field: 'ftp.starttls', value: 'accepted' }
    context.become('tls')
  }
  state.awaits = undefined
}

/** Where the data of the next transfer will go: to whom it says so, or to the one who says it (RFC 959, RFC 2428). */
function expectData(line: string, from: Side, context: MessageContext): void {
  const old = (from === 'client' ? /^PORT\s+/i : /^227 [^\d]*/).test(line)
  const numbers = old
    ? /(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)/.exec(line)?.slice(1).map(Number)
    : undefined
  if (numbers !== undefined && numbers.every((number) => number < 256)) {
    const port = numbers[4]! * 256 + numbers[5]!
    // The address may be one behind a translator: the flow's own end is waited for too.
    const stated = { ip: numbers.slice(0, 4).join('.') }
    for (const end of [from, stated])
      context.expect({ protocol: 'ftp-data', over: 'tcp', end, port })
    return
  }
  const extended = from === 'client' ? /^EPRT\s+\|\d\|[^|]*\|(\d+)\|/i : /^229 [^|]*\|\|\|(\d+)\|/
  const port = Number(extended.exec(line)?.[1] ?? 0)
  if (port > 0 && port < 65_536)
    context.expect({ protocol: 'ftp-data', over: 'tcp', end: from, port })
}

function isContinued(line: string, wasContinued: boolean): boolean {
  return REPLY.test(line) ? line[3] === '-' : wasContinued
}

function stateOf(context: MessageContext): FtpState {
  context.state ??= {
    hasGreeting: false,
    isAnonymous: false,
    isMultiline: false,
    awaits: undefined,
  } satisfies FtpState
  return context.state as FtpState
}
