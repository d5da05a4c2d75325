import type { Cursor } from './cursor.ts'

/** Which end of a flow. The client is the one that spoke first. */
export type Side = 'client' | 'server'

/**
 * Whom a fact is about: an end of the flow, or an address that the message itself names
 * (a DHCP client behind a relay, the owner of a DNS answer). MAC as `aa:bb:cc:dd:ee:ff`, IP in canonical text.
 */
export type FactSubject = Side | { readonly mac?: string; readonly ip?: string }

/** One fact read off the wire. `field` is `<protocol>.<name>`, in kebab-case; `value` is never about a patient. */
export interface Fact {
  readonly subject: FactSubject
  readonly field: string
  readonly value: string
}

/**
 * How sure a dissector is, from the first bytes alone, that a message is its own.
 * `strong`: content alone decides. `weak`: believed only together with a port hint, or once the next message agrees.
 * `incomplete`: more bytes are needed to say. `no`: certainly another protocol.
 */
export type Likeness = 'strong' | 'weak' | 'incomplete' | 'no'

/** What a dissector may know about the message beside its bytes. */
export interface MessageContext {
  /** Who sent this message. */
  readonly from: Side
  /**
   * Ports of client and server; zero where the transport has none. A client's port may only be compared with those
   * below 32,768 and those that some dissector names: flows that differ in others alone are taken for alike.
   */
  readonly clientPort: number
  readonly serverPort: number
  /** True when the destination is a multicast or broadcast address. */
  readonly isMulticast: boolean
  /**
   * What this dissector wants to remember of this flow between messages; starts undefined. Copies only: the bytes of
   * a message are gone after the call.
   */
  state: unknown
  /** Hands the rest of the flow to another protocol (STARTTLS, upgrade). */
  become(protocol: string): void
  /** Says that what follows is another protocol, to be known by its own bytes (what a proxy passes on). */
  yields(): void
  /** Says which application this flow carries inside this protocol, which keeps reading: the flow gets its name. */
  names(protocol: string): void
  /** Announces another conversation, by an end that it will have: whoever talks with it there speaks this protocol. */
  expect(expectation: Expectation): void
  /** Says that this flow also carries another protocol inside this one (for `also`). */
  carries(protocol: string): void
  /**
   * Passes over the next bytes of this side's stream unseen: a body that nobody reads. Losses inside of it do no harm.
   * Infinity: all that follows.
   */
  pass(bytes: number): void
  /** Says that this side has nothing more to tell: none of its further messages is wanted. */
  enough(): void
  /** Says that this message, though it fits, does not make a weak likeness more believable. */
  doubt(): void
}

/** A conversation that is to come: one of its ends is this port of an end of the flow, or of another address. */
export interface Expectation {
  readonly protocol: string
  readonly over: 'tcp' | 'udp'
  readonly end: Side | { readonly ip: string }
  readonly port: number
}

/** Length of a whole message at the start of a stream; zero: more bytes are needed; negative: this is not the protocol. */
export type MessageLength = number

/**
 * Knows one protocol. A dissector is a pure reader of bytes: it never throws, never loops or recurses on a depth
 * that the wire controls, and never reads the patient.
 *
 * Outcomes: consumed (`message.ok` at the end), broken (`message.ok` false), incomplete (`length` says zero).
 */
export interface Dissector {
  /** Name of the protocol as in `docs/protocols.md`, lower case. */
  readonly protocol: string
  readonly over: 'tcp' | 'udp' | 'ethernet' | 'ip'
  /** Ports are a hint: they decide who is asked first and whether a `weak` likeness is believed. */
  readonly ports?: readonly number[]
  /** EtherTypes, or for SNAP frames OUI x 65536 + PID (CDP: 0x00000c2000). Only for `over: 'ethernet'`. */
  readonly etherTypes?: readonly number[]
  /** Protocol numbers of IP. Only for `over: 'ip'`: messages between neighbours, which come whole, from their header on. */
  readonly ipProtocols?: readonly number[]
  /** TTL or hop limit that such a message must have, so that no router can have passed it on. */
  readonly ttl?: 1 | 255
  /**
   * All bytes that a first message of this protocol can begin with, in either direction. Without it, it is asked for
   * every flow.
   */
  readonly firstBytes?: readonly number[]
  /** Messages of each direction that it wants to see; default 4. Infinity for those whose news never ends (HL7). */
  readonly appetite?: number
  /** Does this look like a first message of mine? Must be cheap: it is asked for every new flow. */
  looksLike(message: Cursor, context: MessageContext): Likeness
  /** Framing over a stream. Without it, each segment with new data is offered as it came. */
  length?(stream: Cursor, context: MessageContext): MessageLength
  /** Reads one whole message. */
  dissect(message: Cursor, context: MessageContext): Iterable<Fact>
}

/** One fact seen on the wire: who, what, when, by which sensor, in which flow and frame. */
export interface Observation {
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly time: number
  readonly mac: string | undefined
  readonly ip: string | undefined
  /** True when the subject's packets show by their TTL that a router passed them on: `mac` is then the router's. */
  readonly isRouted?: boolean
  readonly field: string
  readonly value: string
  /** Flow number, or 0 when the fact belongs to no flow (ARP, LLDP). */
  readonly flow: number
  /** Number of the frame in its capture, from 1. */
  readonly frame: number
}
