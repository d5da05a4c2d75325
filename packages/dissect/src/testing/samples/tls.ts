import { der, derOid } from '../der.ts'
import { be16, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const u24 = (value: number) => [(value >> 16) & 0xff, ...be16(value)]

/** A record of one or more handshake messages (RFC 5246 §6.2.1). */
export function tlsRecord(type: number, version: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(type, be16(version), be16(body.length), body)
}

export function handshake(type: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(type, u24(body.length), body)
}

export function extension(type: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(be16(type), be16(body.length), body)
}

const RANDOM = Array.from({ length: 32 }, (_, at) => at)

export function clientHello(
  ciphers: readonly number[],
  extensions: readonly Uint8Array[],
  version = 0x0303,
): Uint8Array {
  const list = bytesOf(...extensions)
  return handshake(
    1,
    be16(version),
    RANDOM,
    0,
    be16(ciphers.length * 2),
    ciphers.flatMap(be16),
    [1, 0],
    list.length === 0 ? [] : [...be16(list.length), ...list],
  )
}

export function serverHello(
  cipher: number,
  extensions: readonly Uint8Array[],
  version = 0x0303,
): Uint8Array {
  const list = bytesOf(...extensions)
  const tail = list.length === 0 ? [] : [...be16(list.length), ...list]
  return handshake(2, be16(version), RANDOM, 0, be16(cipher), 0, tail)
}

export const serverNameOf = (name: string) =>
  extension(0, be16(name.length + 3), 0, be16(name.length), name)

export const alpnOf = (...names: readonly string[]) => {
  const list = bytesOf(...names.flatMap((name) => [name.length, name]))
  return extension(16, be16(list.length), list)
}

const attribute = (oid: string, text: string) => der(0x31, der(0x30, derOid(oid), der(0x0c, text)))

export interface CertificateShape {
  readonly subject?: string
  readonly issuer?: string
  readonly notBefore?: Uint8Array
  readonly notAfter?: Uint8Array
  readonly key?: Uint8Array
  readonly names?: readonly string[]
}

const rsaKey = (bits: number) =>
  der(
    0x30,
    der(0x30, derOid('1.2.840.113549.1.1.1'), der(0x05)),
    der(0x03, 0, der(0x30, der(0x02, 0, 0x80, new Uint8Array(bits / 8 - 1)), der(0x02, 1, 0, 1))),
  )

export const ecKey = der(
  0x30,
  der(0x30, derOid('1.2.840.10045.2.1'), derOid('1.2.840.10045.3.1.7')),
  der(0x03, 0, 4, new Uint8Array(64)),
)

/** A certificate of the invented maker Examplemed (RFC 5280 §4.1); its signature is zeros. */
export function certificate(shape: CertificateShape = {}): Uint8Array {
  const subject = shape.subject ?? 'pump-0815.ward3.example'
  const name = (cn: string) =>
    der(
      0x30,
      attribute('2.5.4.10', 'Examplemed GmbH'),
      attribute('2.5.4.11', 'Infusion'),
      attribute('2.5.4.3', cn),
    )
  const algorithm = der(0x30, derOid('1.2.840.113549.1.1.5'), der(0x05))
  const names = bytesOf(
    ...(shape.names ?? []).map((text) => der(0x82, text)),
    der(0x87, [10, 0, 0, 7]),
  )
  return der(
    0x30,
    der(
      0x30,
      der(0xa0, der(0x02, 2)),
      der(0x02, 0, 0xca, 0xfe),
      algorithm,
      name(shape.issuer ?? subject),
      der(
        0x30,
        shape.notBefore ?? der(0x17, '150102030405Z'),
        shape.notAfter ?? der(0x18, '20520102030405Z'),
      ),
      name(subject),
      shape.key ?? rsaKey(1024),
      der(0xa3, der(0x30, der(0x30, derOid('2.5.29.17'), der(0x04, der(0x30, names))))),
    ),
    algorithm,
    der(0x03, 0, new Uint8Array(128)),
  )
}

export function certificateMessage(...chain: readonly Uint8Array[]): Uint8Array {
  const list = bytesOf(...chain.flatMap((one) => [u24(one.length), one]))
  return handshake(11, u24(list.length), list)
}

/** A hello with GREASE in ciphers, extensions and groups, as browsers send it. */
export const CLIENT_HELLO = clientHello(
  [0x1a1a, 0x1301, 0xc02f, 0x002f],
  [
    extension(0x2a2a),
    serverNameOf('updates.examplemed.example'),
    extension(10, be16(6), be16(0x3a3a), be16(29), be16(23)),
    extension(11, 1, 0),
    alpnOf('h2', 'http/1.1'),
    extension(13, be16(4), be16(0x0403), be16(0x0804)),
    extension(43, 4, be16(0x0304), be16(0x0303)),
  ],
)

const OLD_HELLO = bytesOf([0x80, 18, 1, 3, 1, 0, 9, 0, 0, 0, 0], [0, 0, 5, 0, 0, 4, 0, 0, 10])

export const SAMPLES: readonly Sample[] = [
  { protocol: 'tls', over: 'tcp', from: 'client', bytes: tlsRecord(22, 0x0301, CLIENT_HELLO) },
  {
    protocol: 'tls',
    over: 'tcp',
    from: 'server',
    bytes: tlsRecord(22, 0x0301, serverHello(0x0005, [], 0x0301)),
  },
  {
    protocol: 'tls',
    over: 'tcp',
    from: 'server',
    bytes: tlsRecord(22, 0x0303, certificateMessage(certificate({ names: ['pump.example'] }))),
  },
  { protocol: 'tls', over: 'tcp', from: 'client', bytes: OLD_HELLO },
  { protocol: 'tls', over: 'tcp', from: 'server', bytes: tlsRecord(21, 0x0301, 2, 40) },
]
