/** Polynomial of CRC-16 (IBM, Modbus) and of CRC-CCITT (X.25, HDLC), lowest bit first. */
export const CRC16 = { ibm: 0xa001, ccitt: 0x8408 } as const

/** A check of 16 bits over the bytes from `start` up to `end`, lowest bit first, beginning with all ones. */
export function crc16(bytes: Uint8Array, start: number, end: number, polynomial: number): number {
  let value = 0xffff
  for (let at = start; at < end; at++) {
    value ^= bytes[at]!
    for (let bit = 0; bit < 8; bit++) {
      value = (value & 1) === 1 ? (value >> 1) ^ polynomial : value >> 1
    }
  }
  return value
}
