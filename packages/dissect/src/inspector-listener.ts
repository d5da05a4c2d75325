import type { Expectation, Fact } from './dissector.ts'
import type { ReassemblyCounters } from './reassembly.ts'

/** Hears what is found out about a flow. */
export interface InspectorListener {
  recognised(record: number, protocol: string): void
  withdrawn(record: number): void
  contradicted(record: number): void
  also(record: number, protocol: string): void
  expected(record: number, expectation: Expectation): void
  fact(record: number, fact: Fact): void
  broken(protocol: string): void
  /** The inspection in `slot` is over; no more payload is wanted. */
  finished(record: number): void
}

/** What the inspector counts. */
export interface InspectorCounters extends ReassemblyCounters {
  inspectionsDropped: number
  defects: number
}

/** A protocol that wraps an application and is none itself. */
export function isWrapper(protocol: string): boolean {
  return protocol === 'tls' || protocol === 'dtls'
}
