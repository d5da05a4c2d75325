import type { Side } from '../../dissector.ts'
import { address, bytesOf, hex, type Part } from '../frames.ts'
import { element, integer, octets, oid, sequence } from './ber.ts'
import type { Sample } from './sample.ts'

export const binding = (name: string, value: Uint8Array = element(5)): Uint8Array =>
  sequence(oid(name), value)

/** A protocol data unit other than the trap of version 1. */
export const unit = (tag: number, ...bindings: readonly Uint8Array[]): Uint8Array =>
  element(tag, integer(7), integer(0), integer(0), sequence(...bindings))

export const snmpMessage = (community: string, version: number, pdu: Uint8Array): Uint8Array =>
  sequence(integer(version), octets(community), pdu)

interface V3Shape {
  readonly flags: number
  readonly engine: Part
  readonly scoped: Uint8Array
}

export const snmpV3Message = ({ flags, engine, scoped }: V3Shape): Uint8Array =>
  sequence(
    integer(3),
    sequence(integer(1), element(2, [0x05, 0xdc]), octets([flags]), integer(3)),
    octets(
      sequence(octets(engine), integer(1), integer(9), octets('monitor'), octets(''), octets('')),
    ),
    scoped,
  )

export const SYSTEM = '1.3.6.1.2.1.1'
export const ENTITY = '1.3.6.1.2.1.47.1.1.1.1'

export const GET = snmpMessage('public', 1, unit(0xa0, binding(`${SYSTEM}.1.0`)))

export const SYSTEM_ANSWER = snmpMessage(
  'public',
  1,
  unit(
    0xa2,
    binding(`${SYSTEM}.1.0`, octets('PB980 Ventilator\r\nLinux 4.9')),
    binding(`${SYSTEM}.2.0`, oid('1.3.6.1.4.1.9.1.516')),
    binding(`${SYSTEM}.3.0`, element(0x43, [1, 2])),
    binding(`${SYSTEM}.4.0`, octets('Jane Roe, ext. 5555')),
    binding(`${SYSTEM}.5.0`, octets('vent-icu-3')),
    binding(`${SYSTEM}.6.0`, octets('ICU 3')),
    binding('1.3.6.1.2.1.2.2.1.6.2', octets(address('00:1a:22:03:cb:be'))),
  ),
)

export const ENTITY_ANSWER = snmpMessage(
  'k33p-0ut',
  1,
  unit(
    0xa2,
    binding(`${ENTITY}.11.1`, octets('FOC1234X0AB')),
    binding(`${ENTITY}.11.1001`, octets('MODULE-SERIAL')),
    binding(`${ENTITY}.12.1`, octets('Cisco')),
    binding(`${ENTITY}.13.1`, octets('WS-C3560-24TS')),
    binding(`${ENTITY}.9.1`, octets('')),
  ),
)

export const TRAP = snmpMessage(
  'public',
  0,
  element(
    0xa4,
    oid('1.3.6.1.4.1.318'),
    element(0x40, address('10.0.0.7')),
    integer(6),
    integer(5),
    element(0x43, [1]),
    sequence(binding(`${SYSTEM}.5.0`, octets('ups-3'))),
  ),
)

const ENGINE = hex('80000009 03 001a2203cbbe')

export const V3_ANSWER = snmpV3Message({
  flags: 1,
  engine: ENGINE,
  scoped: sequence(octets(ENGINE), octets(''), unit(0xa2, binding(`${SYSTEM}.5.0`, octets('sw')))),
})

export const V3_ENCRYPTED = snmpV3Message({
  flags: 7,
  engine: ENGINE,
  scoped: octets(new Uint8Array(40)),
})

const sample = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'snmp',
  over: 'udp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', GET),
  sample('server', SYSTEM_ANSWER),
  sample('server', ENTITY_ANSWER),
  sample('client', TRAP),
  sample('server', V3_ANSWER),
  sample('client', V3_ENCRYPTED),
  { protocol: 'snmp', over: 'tcp', from: 'server', bytes: bytesOf(SYSTEM_ANSWER) },
]
