import { be16, bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A message of the NetBIOS session service (RFC 1002 §4.3.1). */
export function session(type: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(type, 0, be16(body.length), body)
}

/** Little-endian UTF-16. */
export const wide = (text: string) =>
  bytesOf(...[...text].flatMap((one) => le16(one.charCodeAt(0))))

/** Names of a session request: two letters for each byte of 16 (RFC 1001 §14.1). */
export function encodedName(name: string): Uint8Array {
  const padded = name.padEnd(15) + '\u0000'
  const letters = [...padded].flatMap((one) => {
    const code = one.charCodeAt(0)
    return [0x41 + (code >> 4), 0x41 + (code & 15)]
  })
  return bytesOf(0x20, letters, 0)
}

export function smb1(command: number, isAnswer: boolean, ...parts: readonly Part[]): Uint8Array {
  const header = bytesOf(0xff, 'SMB', command, le32(0), isAnswer ? 0x98 : 0x18, le16(0xc001))
  return session(0, header, new Uint8Array(20), ...parts)
}

export function smb2(command: number, isAnswer: boolean, ...parts: readonly Part[]): Uint8Array {
  const start = bytesOf(0xfe, 'SMB', le16(64), le16(0), le32(0), le16(command), le16(1))
  return session(0, start, le32(isAnswer ? 1 : 0), new Uint8Array(44), ...parts)
}

const dialectList = (...names: readonly string[]) =>
  bytesOf(...names.flatMap((name) => [2, name, 0]))

export const OLD_DIALECTS = dialectList('PC NETWORK PROGRAM 1.0', 'LANMAN1.0', 'NT LM 0.12')
export const OLD_OFFER = smb1(0x72, false, 0, le16(OLD_DIALECTS.length), OLD_DIALECTS)
/** Word count, index of the dialect, security mode, and the rest of 17 words. */
export const OLD_CHOICE = smb1(0x72, true, 17, le16(2), 3, new Uint8Array(31), le16(0))

const GUID = Array.from({ length: 16 }, (_, at) => at + 1)
export const OFFER = smb2(
  0,
  false,
  [...le16(36), ...le16(2), ...le16(1), ...le16(0), ...le32(0), ...GUID],
  new Uint8Array(8),
  le16(0x0210),
  le16(0x0311),
)
export const CHOICE = smb2(
  0,
  true,
  [...le16(65), ...le16(3), ...le16(0x0311), ...le16(0), ...GUID],
  new Uint8Array(40),
)

const field = (value: Uint8Array, offset: number) =>
  bytesOf(le16(value.length), le16(value.length), le32(offset))
const VERSION = bytesOf(10, 0, le16(19_041), [0, 0, 0, 15])
const pair = (id: number, text: string) => bytesOf(le16(id), le16(text.length * 2), wide(text))

const TARGETS = bytesOf(
  pair(2, 'WARD'),
  pair(1, 'CTCONSOLE'),
  pair(4, 'ward.example'),
  pair(3, 'ctconsole.ward.example'),
  pair(5, 'example'),
  le32(0),
)
/** Messages of NTLM (MS-NLMP §2.2.1): the server challenges, the client answers with a user who must not be read. */
export const CHALLENGE = bytesOf(
  'NTLMSSP\0',
  le32(2),
  field(new Uint8Array(0), 56),
  le32(0x02000001),
  new Uint8Array(16),
  field(TARGETS, 56),
  VERSION,
  TARGETS,
)
const USER = wide('PLANTED')
const STATION = wide('NURSE-PC7')
export const AUTHENTICATE = bytesOf(
  'NTLMSSP\0',
  le32(3),
  field(new Uint8Array(0), 72),
  field(new Uint8Array(0), 72),
  field(new Uint8Array(0), 72),
  field(USER, 72),
  field(STATION, 72 + USER.length),
  field(new Uint8Array(0), 72),
  le32(0x02000001),
  VERSION,
  USER,
  STATION,
)

export const SETUP_ANSWER = smb2(
  1,
  true,
  le16(9),
  le16(1),
  le16(72),
  le16(CHALLENGE.length),
  CHALLENGE,
)
export const SETUP_REQUEST = smb2(1, false, le16(25), new Uint8Array(22), AUTHENTICATE)

const strings = (...texts: readonly string[]) => bytesOf(...texts.map((text) => wide(`${text}\0`)))
/** A session setup of 13 words: empty passwords, then account, domain, system, LAN manager. */
export const OLD_SETUP = smb1(
  0x73,
  false,
  13,
  new Uint8Array(14),
  le16(1),
  le16(0),
  new Uint8Array(8),
  le16(80),
  0,
  strings('PLANTED', 'WARD', 'Windows 5.1', 'Windows 2000 LAN Manager'),
)
export const OLD_SETUP_ANSWER = smb1(
  0x73,
  true,
  3,
  new Uint8Array(4),
  le16(1),
  le16(60),
  0,
  strings('Windows 5.1', 'Windows 2000 LAN Manager', 'WARD'),
)
const tree = (path: string) => {
  const bytes = wide(path)
  return smb2(3, false, le16(9), le16(0), le16(72), le16(bytes.length), bytes)
}

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'smb',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', session(0x81, encodedName('CTCONSOLE'), encodedName('NURSE-PC7'))),
  sample('client', OLD_OFFER),
  sample('server', OLD_CHOICE),
  sample('client', OLD_SETUP),
  sample('server', OLD_SETUP_ANSWER),
  sample('client', OFFER),
  sample('server', CHOICE),
  sample('server', SETUP_ANSWER),
  sample('client', SETUP_REQUEST),
  sample('client', tree('\\\\ctconsole\\IPC$')),
  sample('client', tree('\\\\ctconsole\\PLANTED$')),
  sample('client', session(0, 0xfd, 'SMB', new Uint8Array(48))),
]
