type Part = readonly [value: number, length: number] | Uint8Array

/** Writes datagrams of exporters by hand: numbers big-endian, as long as said. */
export function bytesOf(...parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (part instanceof Uint8Array) return part
      const [value, length] = part
      const buffer = Buffer.alloc(length)
      let rest = value
      for (let at = length - 1; at >= 0; at--) {
        buffer[at] = rest % 256
        rest = Math.floor(rest / 256)
      }
      return buffer
    }),
  )
}

export const ip = (text: string) => Uint8Array.from(text.split('.'), Number)

/** A set with its header: identifier and length. */
export function setOf(id: number, ...content: readonly Part[]): Buffer {
  const body = bytesOf(...content)
  return bytesOf([id, 2], [body.length + 4, 2], body)
}

/** A template: identifier, count, then element and length of each field. */
export function templateOf(id: number, fields: readonly (readonly [number, number])[]): Buffer {
  return bytesOf(
    [id, 2],
    [fields.length, 2],
    ...fields.flatMap(([element, length]): Part[] => [
      [element, 2],
      [length, 2],
    ]),
  )
}

/** NetFlow v9: `uptime` in milliseconds, `seconds` since 1970. */
export function v9(
  number: number,
  sets: readonly Buffer[],
  { uptime = 100_000, seconds = 1_714_550_400 } = {},
) {
  return bytesOf([9, 2], [sets.length, 2], [uptime, 4], [seconds, 4], [number, 4], [7, 4], ...sets)
}

export function ipfix(number: number, sets: readonly Buffer[], domain = 7): Buffer {
  const content = Buffer.concat(sets)
  return bytesOf(
    [10, 2],
    [content.length + 16, 2],
    [1_714_550_400, 4],
    [number, 4],
    [domain, 4],
    content,
  )
}

export function v5(number: number, records: readonly Buffer[], sampling = 0): Buffer {
  return bytesOf(
    [5, 2],
    [records.length, 2],
    [100_000, 4],
    [1_714_550_400, 4],
    [500_000_000, 4],
    [number, 4],
    [0, 2],
    [sampling, 2],
    ...records,
  )
}

export function v5Record(
  source: string,
  destination: string,
  [sourcePort, destinationPort]: readonly [number, number],
  [packets, bytes]: readonly [number, number],
): Buffer {
  return bytesOf(
    ip(source),
    ip(destination),
    [0, 8],
    [packets, 4],
    [bytes, 4],
    [90_000, 4],
    [95_000, 4],
    [sourcePort, 2],
    [destinationPort, 2],
    [0, 1],
    [0x1b, 1],
    [6, 1],
    [0, 1],
    [0, 8],
  )
}
