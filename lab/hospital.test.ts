import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { captureFolder } from './hospital.ts'
import { readPcapng, type Frame } from './pcap.ts'

const read = (name: string) => readFileSync(join(captureFolder, name))
const lines = (name: string) => read(name).toString().trimEnd().split('\n')
const recordings = ['hospital', 'after-service', 'after-nothing'] as const

const [head = '', ...rows] = lines('truth.tsv')
const columns = head.split('\t')
const truth = rows.map((row) => {
  const cells = row.split('\t')
  return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']))
})
const attack = JSON.parse(read('attack.json').toString()) as {
  readonly attacker: { readonly mac: string; readonly ip: string }
  readonly steps: readonly { from: string; until: string; victims: readonly { ip: string }[] }[]
}
const frames = Object.fromEntries(
  recordings.map((name) => [name, readPcapng(read(`${name}.pcapng`))]),
) as unknown as Record<(typeof recordings)[number], readonly Frame[]>

const hexOf = (mac: string) => mac.replaceAll(':', '')
const senderOf = ({ bytes }: Frame) => Buffer.from(bytes.subarray(6, 12)).toString('hex')
const from = (mac: string, name: (typeof recordings)[number]) =>
  frames[name].filter((frame) => senderOf(frame) === hexOf(mac))
const holds = (some: readonly Frame[], text: string) =>
  some.some(({ bytes }) => Buffer.from(bytes).includes(text))

describe('the sample hospital', () => {
  test('is in order, spans 15 days and stays small', () => {
    const times = frames.hospital.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect((times.at(-1)! - times[0]!) / 86_400e6).toBeGreaterThan(13.5)
    expect(read('hospital.pcapng').length).toBeLessThan(6e6)
  })

  test.each(truth.filter(({ mac }) => mac !== ''))('$name speaks', ({ mac }) => {
    expect(from(mac!, 'hospital').length).toBeGreaterThan(3)
  })

  test.each(truth.filter(({ mac }) => mac === ''))('$name hides behind the router', ({ ips }) => {
    const address = Buffer.from(ips!.split('.').map(Number)).toString('hex')
    const senders = frames.hospital
      .filter(({ bytes }) => Buffer.from(bytes.subarray(26, 30)).toString('hex') === address)
      .map(senderOf)
    expect(new Set(senders)).toEqual(new Set([hexOf(macOf('rt-core'))]))
  })

  test.each(truth.filter(({ firmware, says }) => firmware !== '' && says?.includes('firmware')))(
    '$name says its version $firmware in clear',
    ({ mac, firmware }) => expect(holds(from(mac!, 'hospital'), firmware!)).toBe(true),
  )

  test.each(truth.filter(({ mac, says }) => mac !== '' && says?.includes('serial')))(
    '$name says its serial number in clear',
    ({ mac, serial }) => expect(holds(from(mac!, 'hospital'), serial!)).toBe(true),
  )

  test('gives devices the MAC of a maker, save the one random MAC', () => {
    const makers = createRequire(import.meta.url)('oui-data') as Record<string, string>
    const unknown = truth.filter(({ mac }) => {
      const hex = hexOf(mac!).toUpperCase()
      return mac !== '' && ![6, 7, 9].some((length) => makers[hex.slice(0, length)])
    })
    expect(unknown.map(({ name }) => name)).toEqual(['phone-x'])
  })

  test('holds the planted patients, or looking for them would prove nothing', () => {
    const planted = lines('planted-patients.txt')
    expect(planted.filter((text) => !holds(frames.hospital, text))).toEqual([])
  })

  test('has the attacker only during the last session, with all steps in it', () => {
    const seen = from(attack.attacker.mac, 'hospital').map(({ time }) => time / 1000)
    expect(seen[0]).toBeGreaterThan(Date.parse('2026-06-15T00:00:00Z'))
    expect(attack.steps.length).toBeGreaterThan(5)
    for (const step of attack.steps) {
      const during = seen.filter(
        (time) => time >= Date.parse(step.from) && time <= Date.parse(step.until),
      )
      expect(during.length).toBeGreaterThan(1)
    }
  })

  test('tags pumps both ways and the CT one way', () => {
    const isTagged = ({ bytes }: Frame) => bytes[12] === 0x81 && bytes[13] === 0
    const to = (mac: string) =>
      frames.hospital.filter(
        ({ bytes }) => Buffer.from(bytes.subarray(0, 6)).toString('hex') === hexOf(mac),
      )
    expect([...from(macOf('pump-icu-01'), 'hospital')].every(isTagged)).toBe(true)
    expect(to(macOf('pump-icu-01')).every(isTagged)).toBe(true)
    expect(from(macOf('ct-1'), 'hospital').every(isTagged)).toBe(true)
    expect(to(macOf('ct-1')).some(isTagged)).toBe(false)
  })
})

describe('the day after', () => {
  test.each([
    ['after-service', '12.3.1', '9.33'],
    ['after-nothing', '9.33', '12.3.1'],
  ] as const)('%s: the pump announces %s, with its serial number', (name, says, saysNot) => {
    const pump = from(macOf('pump-icu-01'), name)
    expect(holds(pump, says)).toBe(true)
    expect(holds(pump, saysNot)).toBe(false)
    expect(holds(pump, '14203377')).toBe(true)
  })

  test.each(['after-service', 'after-nothing'] as const)('%s: the attacker is gone', (name) => {
    expect(from(attack.attacker.mac, name)).toEqual([])
  })
})

function macOf(name: string): string {
  return truth.find((device) => device['name'] === name)?.['mac'] ?? ''
}
