import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Packet, TCP } from './decode/packet.ts'
import { FlowTable, STRIDE, WORD } from './flow-table.ts'

function packet(
  source: number,
  sourcePort: number,
  target: number,
  targetPort: number,
  version = 4,
) {
  const p = new Packet()
  p.version = version
  p.ipProtocol = 6
  p.transport = TCP
  p.source3 = source
  p.target3 = target
  p.sourcePort = sourcePort
  p.targetPort = targetPort
  return p
}

const reversed = (p: Packet) => packet(p.target3, p.targetPort, p.source3, p.sourcePort, p.version)

test('finds a flow from both of its directions', () => {
  const table = new FlowTable()
  const p = packet(1, 50_000, 2, 80)
  expect(table.find(p)).toBe(-1)
  const record = table.insert(p)
  expect([table.find(p), table.isFromA]).toEqual([record, true])
  expect([table.find(reversed(p)), table.isFromA]).toEqual([record, false])
  expect(table.find(packet(1, 50_000, 2, 81))).toBe(-1)
  expect(table.find(packet(1, 50_000, 2, 80, 6))).toBe(-1)
})

test('a flow of one host with itself has two directions too', () => {
  const table = new FlowTable()
  const p = packet(1, 50_000, 1, 80)
  table.find(p)
  const record = table.insert(p)
  expect([table.find(p), table.isFromA]).toEqual([record, false])
  expect([table.find(reversed(p)), table.isFromA]).toEqual([record, true])
})

test('clears the record of a flow that is gone', () => {
  const table = new FlowTable()
  const p = packet(1, 2, 3, 4)
  table.find(p)
  const record = table.insert(p)
  table.words[record * STRIDE + WORD.packetsA] = 7
  table.remove(record)
  expect([table.find(p), table.live, table.isLive(record)]).toEqual([-1, 0, false])
  expect(table.insert(p)).toBe(record)
  expect(table.words[record * STRIDE + WORD.packetsA]).toBe(0)
})

test('agrees with a map over any order of insertions and removals', () => {
  const step = fc.tuple(fc.boolean(), fc.nat(6), fc.nat(6), fc.nat(5), fc.nat(5))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.integer(), (steps, seed) => {
      const table = new FlowTable(seed)
      const known = new Map<string, number>()
      for (const [isInsertion, source, target, from, to] of steps) {
        const p = packet(source, from, target, to)
        const key = [`${source}:${from}`, `${target}:${to}`].sort().join()
        const record = table.find(p)
        expect(record).toBe(known.get(key) ?? -1)
        if (isInsertion && record < 0) known.set(key, table.insert(p))
        else if (!isInsertion && record >= 0) {
          table.remove(record)
          known.delete(key)
        }
      }
      expect(table.live).toBe(known.size)
    }),
  )
})

test('finds every flow that is left when others went, however crowded it is', () => {
  const packets = Array.from({ length: 1000 }, (_, at) => packet(at, 1, -at, 2))
  for (const seed of [1, 2, 3]) {
    const table = new FlowTable(seed)
    for (const p of packets) {
      table.find(p)
      table.insert(p)
    }
    packets.forEach((p, at) => at % 3 !== 0 && table.remove(table.find(p)))
    expect(packets.filter((p) => table.find(p) >= 0)).toHaveLength(334)
  }
})

test('grows without losing a flow', () => {
  const table = new FlowTable()
  const packets = Array.from({ length: 20_000 }, (_, at) =>
    packet(at * 7919, at & 0xffff, -at, (at * 31) & 0xffff, at % 3 === 0 ? 6 : 4),
  )
  const records = packets.map((p) => {
    table.find(p)
    return table.insert(p)
  })
  expect(packets.map((p) => table.find(reversed(p)))).toEqual(records)
  expect(table.live).toBe(20_000)
})
