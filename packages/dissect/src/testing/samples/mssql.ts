import { be16, bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const wide = (text: string) => bytesOf(...Array.from(text, (letter) => `${letter}\0`))

/** A packet (MS-TDS §2.2.3). */
export function packet(type: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf([type, 1], be16(body.length + 8), [0, 0, 1, 0], body)
}

const options = (version: Part, encryption: number) =>
  bytesOf(0, be16(11), be16(6), 1, be16(17), be16(1), 0xff, version, encryption)
export const PRELOGIN = packet(0x12, options(new Uint8Array(6), 0))
export const PRELOGIN_ANSWER = packet(4, options([15, 0, 0x07, 0xd0, 0, 0], 2))

const TEXTS = ['PACS-2', 'maria', 'secret', 'Viewer 2', 'DB-1', '', 'ODBC', '', 'ward']
const places = TEXTS.map((text, at) => [
  94 + 2 * TEXTS.slice(0, at).join('').length,
  text.length,
]).flatMap(([offset, length]) => [...le16(offset!), ...le16(length!)])
const login = bytesOf(
  le32(0x74000004),
  new Uint8Array(28),
  places,
  new Uint8Array(22),
  wide(TEXTS.join('')),
)
export const LOGIN = packet(0x10, le32(login.length + 4), login)

const product = 'Microsoft SQL Server'
export const LOGIN_ANSWER = packet(
  4,
  [0xe3, 3, 0, 1, 0, 0],
  0xad,
  le16(10 + 2 * product.length),
  [1, 0x74, 0, 0, 4, product.length],
  wide(product),
  [15, 0, 0x07, 0xd0],
  0xfd,
)

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'mssql',
  over: 'tcp',
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('client', PRELOGIN),
  sample('server', PRELOGIN_ANSWER),
  sample('client', LOGIN),
  sample('server', LOGIN_ANSWER),
]
