import type { Side } from '../../dissector.ts'
import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export const option = (code: number, ...value: readonly Part[]): Uint8Array => {
  const body = bytesOf(...value)
  return bytesOf(code, body.length, body)
}

interface DhcpShape {
  readonly operation?: number
  readonly mac?: string
  readonly current?: string
  readonly assigned?: string
  readonly relay?: string
  /** Contents of the server name and file fields. */
  readonly name?: Uint8Array
  readonly file?: Uint8Array
  readonly cookie?: number
  readonly options: readonly Uint8Array[]
}

const field = (bytes: Uint8Array | undefined, length: number) =>
  bytesOf(bytes ?? [], new Uint8Array(length - (bytes?.length ?? 0)))

/** A DHCP message; options are given without the end mark. */
export function dhcpMessage(shape: DhcpShape): Uint8Array {
  return bytesOf(
    [shape.operation ?? 1, 1, 6, 0],
    be32(0x11223344),
    be16(0),
    be16(0),
    address(shape.current ?? '0.0.0.0'),
    address(shape.assigned ?? '0.0.0.0'),
    address('0.0.0.0'),
    address(shape.relay ?? '0.0.0.0'),
    address(shape.mac ?? '00:09:fb:12:34:56'),
    new Uint8Array(10),
    field(shape.name, 64),
    field(shape.file, 128),
    be32(shape.cookie ?? 0x63825363),
    ...shape.options,
    255,
  )
}

export const DISCOVER = dhcpMessage({
  options: [
    option(53, 1),
    option(61, 1, address('00:09:fb:12:34:56')),
    option(12, 'MX800-ICU-07\0'),
    option(60, 'PHILIPS MX800'),
    option(81, [0, 0, 0], 'mx800-icu-07.hospital.example'),
    option(50, address('10.4.0.31')),
    option(57, be16(1500)),
    option(55, [1, 3, 6, 15, 51]),
    option(97, 0, [...Array(16).keys()]),
    option(125, be32(3561), 19, option(1, '0009FB'), option(2, 'DE1234567')),
  ],
})

export const ACK = dhcpMessage({
  operation: 2,
  assigned: '10.4.0.31',
  options: [
    option(53, 5),
    option(54, address('10.4.0.2')),
    option(51, be32(86_400)),
    option(3, address('10.4.0.1')),
    option(6, address('10.0.0.53'), address('10.0.1.53')),
    option(15, 'hospital.example'),
  ],
})

const sample = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'dhcp',
  over: 'udp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', DISCOVER),
  sample('server', ACK),
  sample('client', dhcpMessage({ cookie: 0, options: [new Uint8Array(80)] })),
  sample(
    'client',
    dhcpMessage({
      relay: '10.9.0.1',
      file: bytesOf(option(12, 'in-the-file'), 255),
      options: [option(53, 3), option(52, 1), option(82, option(1, 'ge-0/0/7'), option(2, [1, 2]))],
    }),
  ),
]
