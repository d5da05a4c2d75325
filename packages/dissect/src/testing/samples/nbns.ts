import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** 16 bytes of a name: 15 characters padded with blanks, and the suffix. */
export const plainName = (text: string, suffix: number): Uint8Array =>
  bytesOf(text.padEnd(15, ' '), suffix)

export function encodedName(text: string, suffix: number): Uint8Array {
  const letters = [...plainName(text, suffix)].flatMap((byte) => [byte >> 4, byte & 15])
  return bytesOf(
    32,
    letters.map((half) => 0x41 + half),
    0,
  )
}

interface NbnsShape {
  readonly flags: number
  readonly question?: Uint8Array
  readonly type?: number
  /** Owner and data of the one record; it is an answer in a response, else an addition. */
  readonly owner?: Uint8Array
  readonly data?: Part
}

export function nbnsMessage({ flags, question, type = 0x20, owner, data }: NbnsShape): Uint8Array {
  const isResponse = flags >= 0x8000
  const body = bytesOf(data ?? [])
  const ending = [be16(type), be16(1)].flat()
  return bytesOf(
    be16(7),
    be16(flags),
    be16(question ? 1 : 0),
    be16(data && isResponse ? 1 : 0),
    be16(0),
    be16(data && !isResponse ? 1 : 0),
    question ? [...question, ...ending] : [],
    data ? bytesOf(owner ?? be16(0xc00c), ending, be32(300), be16(body.length), body) : [],
  )
}

const UNIQUE = be16(0x6000)
const GROUP = be16(0xe000)

export const QUERY = nbnsMessage({ flags: 0x0110, question: encodedName('FILESRV', 0x20) })

export const REGISTRATION = nbnsMessage({
  flags: 0x2910,
  question: encodedName('CT-CONSOLE', 0),
  data: bytesOf(UNIQUE, address('10.1.2.3')),
})

export const WORKGROUP = nbnsMessage({
  flags: 0x2910,
  question: encodedName('RADIOLOGY', 0),
  data: bytesOf(GROUP, address('10.1.2.3')),
})

export const ANSWER = nbnsMessage({
  flags: 0x8500,
  owner: encodedName('FILESRV', 0x20),
  data: bytesOf(UNIQUE, address('10.1.2.9')),
})

export const STATUS = nbnsMessage({
  flags: 0x8400,
  type: 0x21,
  owner: encodedName('*', 0),
  data: bytesOf(
    5,
    plainName('CT-CONSOLE', 0x00),
    be16(0x0400),
    plainName('RADIOLOGY', 0x00),
    be16(0x8400),
    plainName('RADIOLOGY', 0x1c),
    be16(0x8400),
    plainName('JDOE', 0x03),
    be16(0x0400),
    plainName('CT-CONSOLE', 0x20),
    be16(0x0400),
    address('00:1c:c4:10:79:0f'),
    new Uint8Array(40),
  ),
})

export const SAMPLES: readonly Sample[] = [QUERY, REGISTRATION, WORKGROUP, ANSWER, STATUS].map(
  (bytes) => ({
    protocol: 'nbns',
    over: 'udp',
    from: bytes === ANSWER || bytes === STATUS ? 'server' : 'client',
    bytes,
  }),
)
