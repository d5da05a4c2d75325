/** One flow record as an exporter sent it: one direction, or both where it knows both (RFC 5103). */
export interface ExportedFlow {
  /** Microseconds since 1970. */
  start: number
  end: number
  source: string
  destination: string
  sourcePort: number
  destinationPort: number
  /** IP protocol number. */
  protocol: number
  /** From the source, to the source. Scaled up where the exporter samples. */
  packets: [number, number]
  bytes: [number, number]
  sourceMac: string | undefined
  destinationMac: string | undefined
  vlans: number[]
  /** True when the exporter told both directions in one record. */
  isBiflow: boolean
  /** True when it sampled: times and directions are then only roughly right. */
  isSampled: boolean
}

/** What goes wrong and right on the way, for the sensor's health. Loss is counted in what the version numbers. */
export interface NetflowCounters {
  datagrams: number
  /** Datagrams that are no NetFlow or IPFIX, or break off. */
  malformed: number
  records: number
  /** Records that name no addresses (layer 2, statistics). */
  recordsWithoutAddress: number
  templates: number
  /** Sets whose template had not come yet; their records are lost. */
  setsWithoutTemplate: number
  /** Flows (v5), datagrams (v9) or records (IPFIX) that the sequence numbers show were lost on the way. */
  lost: number
  /** Datagrams that came after a later one. */
  outOfOrder: number
  /** The exporter began its numbering anew. */
  restarts: number
  sampledRecords: number
}

export function newCounters(): NetflowCounters {
  return {
    datagrams: 0,
    malformed: 0,
    records: 0,
    recordsWithoutAddress: 0,
    templates: 0,
    setsWithoutTemplate: 0,
    lost: 0,
    outOfOrder: 0,
    restarts: 0,
    sampledRecords: 0,
  }
}
