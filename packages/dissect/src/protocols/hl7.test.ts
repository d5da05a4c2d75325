import { expect, test } from 'vitest'
import { Cursor } from '../cursor.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  ADMISSION,
  ALARM,
  CHANNELS,
  GATEWAY_ALARMS,
  INFUSION,
  MINDRAY,
  mllp,
  REFUSAL,
  REPORT,
  SAMPLES,
} from '../testing/samples/hl7.ts'
import { hl7 } from './hl7.ts'

function linesOf(message: Uint8Array, context = testContext({ serverPort: 2575 })): string[] {
  return readMessage(hl7, message, context).facts.map(
    ({ subject, field, value }) =>
      `${typeof subject === 'string' ? subject : subject.mac} ${field} ${value}`,
  )
}

test('a header names both ends, what is said, and that it is said in clear', () => {
  expect(linesOf(mllp(...ADMISSION))).toEqual([
    'client hl7.transport cleartext',
    'server hl7.transport cleartext',
    'client hl7.application ADT1',
    'client hl7.facility MCM',
    'server hl7.called-application LABADT',
    'server hl7.called-facility MCM',
    'client hl7.message ADT^A01',
    'client hl7.processing P',
    'client hl7.version 2.3.1',
  ])
})

test('a report names the equipment it comes from, by its MAC where its identifier holds one', () => {
  const lines = linesOf(mllp(...REPORT))
  expect(lines).toEqual([
    'client hl7.transport cleartext',
    'server hl7.transport cleartext',
    'client hl7.application MONITOR',
    'client hl7.application-id EUI-64 080019FFFE00AB01',
    'client hl7.facility ICU',
    'client hl7.facility-id ISO 1.2.3',
    'server hl7.called-application EMR',
    'server hl7.called-facility HOSPITAL',
    'client hl7.message ORU^R01',
    'client hl7.processing P',
    'client hl7.version 2.6',
    'client hl7.profile IHE_PCD_001',
    'client hl7.equipment SN150Z0409^0009FBFFFF059322^EUI-64',
    '00:09:fb:05:93:22 hl7.equipment SN150Z0409^0009FBFFFF059322^EUI-64',
    '00:09:fb:05:93:22 hl7.equipment-type MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS',
    '00:09:fb:05:93:22 hl7.equipment-manufacturer Examplemed',
    '00:09:fb:05:93:22 hl7.equipment-model Vitalis 5',
    'client hl7.observation MDC_ECG_HEART_RATE',
    'client hl7.observation LOINC 8867-4',
  ])
})

test('an alarm is one fact, made of known words only', () => {
  const lines = linesOf(mllp(...ALARM)).filter((line) => line.includes('hl7.alarm'))
  expect(lines).toEqual(['client hl7.alarm MDC_EVT_LO start PH'])
})

test('behind a gateway an alarm is about the device that it names, and says what raised it', () => {
  const lines = linesOf(mllp(...GATEWAY_ALARMS)).filter((line) => line.includes('hl7.alarm'))
  expect(lines).toEqual([
    '00:09:fb:05:93:22 hl7.alarm SN150Z0409 | MDC_EVT_HI MDC_ECG_HEART_RATE start active',
    'client hl7.alarm MON4 | MDC_EVT_BATT_LOW ST',
  ])
})

test('more alerts, or facets of one, than a message may have are not told', () => {
  const alert = GATEWAY_ALARMS.slice(-3)
  const many = Array.from({ length: 20 }, () => alert.map((row) => row.replace('2.0', '3.0')))
  const facets = Array.from({ length: 20 }, () => GATEWAY_ALARMS.at(-1)!)
  const lines = linesOf(mllp(GATEWAY_ALARMS[0]!, ...facets, ...many.flat(), ...facets))
  const alarms = lines.filter((line) => line.includes('hl7.alarm'))
  expect(alarms).toHaveLength(16)
  expect(alarms[0]).toBe('client hl7.alarm MON4 | MDC_EVT_BATT_LOW ST')
  expect(alarms[15]).toMatch(/MDC_EVT_BATT_LOW(?: ST){8}$/)
})

test('each channel of a pump has an infusion of its own', () => {
  const lines = linesOf(mllp(...CHANNELS)).filter((line) => line.includes('hl7.infusion'))
  const mac = '00:09:fb:05:93:22'
  expect(lines).toEqual([
    `${mac} hl7.infusion-library ICU_D5`,
    `${mac} hl7.infusion-drug Noradrenaline`,
    `${mac} hl7.infusion-rate 5 mL/h`,
    `${mac} hl7.infusion-status pump-status-infusing`,
    `${mac} hl7.infusion P9 channel 1 | Noradrenaline | 5 mL/h | pump-status-infusing`,
    `${mac} hl7.infusion-drug Propofol`,
    `${mac} hl7.infusion-rate 18 mL/h`,
    `${mac} hl7.infusion P9 channel 2 | Propofol | 18 mL/h`,
    'client hl7.infusion-drug Insulin',
    'client hl7.infusion MODULE3 channel 3 | Insulin',
  ])
})

test('what is said of a pump as a whole is of its only channel', () => {
  const [header = '', ...rows] = CHANNELS
  const one = rows.filter((row) => !/\|1\.[23]\.|STATUS/.test(row))
  const status = rows.find((row) => row.includes('STATUS'))!.replace('1.1.1.1', '1.0.0.2')
  const lines = linesOf(mllp(header, ...one, status))
  expect(lines.at(-1)).toBe(
    '00:09:fb:05:93:22 hl7.infusion P9 channel 1 | Noradrenaline | 5 mL/h | pump-status-infusing',
  )
  expect(lines.filter((line) => line.includes('infusion-library'))).toHaveLength(1)
})

test('an observation without an identifier is of the device at its place, or above it', () => {
  const row = (place: string, device = '') =>
    `OBX|1|ST|531969^MDC_ID_MODEL_NUMBER^MDC|${place}|M ${place}||||||R|||||||${device}`
  const mac = (last: string) => `^^0009FBFFFE0000${last}^EUI-64`
  const lines = linesOf(
    mllp(
      CHANNELS[0]!,
      row('1.1.1.1', `A${mac('0A')}`),
      row('1.2.0.0'),
      row('1.2.0.0', `B${mac('0B')}`),
      row('1.2.3.4'),
      row('1.0.0.9'),
      row('1.0.0.0', `C${mac('0C')}`),
      row('1.2.3.5'),
      row('2.1.0.0'),
    ),
  ).filter((line) => line.includes('equipment-model'))
  expect(lines).toEqual([
    '00:09:fb:00:00:0a hl7.equipment-model M 1.1.1.1',
    '00:09:fb:00:00:0a hl7.equipment-model M 1.2.0.0',
    '00:09:fb:00:00:0b hl7.equipment-model M 1.2.0.0',
    '00:09:fb:00:00:0b hl7.equipment-model M 1.2.3.4',
    '00:09:fb:00:00:0a hl7.equipment-model M 1.0.0.9',
    '00:09:fb:00:00:0c hl7.equipment-model M 1.0.0.0',
    '00:09:fb:00:00:0c hl7.equipment-model M 1.2.3.5',
    'client hl7.equipment-model M 2.1.0.0',
  ])
})

test('an infusion is known by drug, rate and state, of each pump of a message', () => {
  const lines = linesOf(mllp(...INFUSION)).filter((line) => !/observation|transport/.test(line))
  expect(lines.slice(lines.indexOf('client hl7.profile IHE_PCD_010') + 1)).toEqual([
    'client hl7.equipment I51559^0012210000000000^EUI-64',
    'client hl7.equipment-type MDC_DEV_PUMP_INFUS_LVP_MDS',
    'client hl7.equipment-model Infuso 7',
    'client hl7.equipment P7^0009FBFFFF059322^EUI-64',
    '00:09:fb:05:93:22 hl7.equipment P7^0009FBFFFF059322^EUI-64',
    '00:09:fb:05:93:22 hl7.equipment-type MDC_DEV_PUMP_INFUS_SYRINGE_MDS',
    '00:09:fb:05:93:22 hl7.equipment-power onBattery',
    'c0:ee:40:0d:16:8f hl7.equipment P7',
    'client hl7.infusion-drug Noradrenaline',
    'client hl7.infusion-rate 18.5 mL/h',
    'client hl7.infusion-status pump-status-infusing',
    'client hl7.infusion-event MDC_EVT_PUMP_DELIV_START',
    'client hl7.infusion-library ICU_D5',
    'client hl7.infusion I51559 channel 1 | Noradrenaline | 18.5 mL/h | pump-status-infusing | MDC_EVT_PUMP_DELIV_START',
    '00:09:fb:05:93:22 hl7.infusion-delivery pump-delivery-status-not-delivering',
    '00:09:fb:05:93:22 hl7.infusion P7 channel 1 | pump-delivery-status-not-delivering',
  ])
})

test('a refusal is a fact, its text is not', () => {
  const lines = linesOf(mllp(...REFUSAL), testContext({ from: 'server' }))
  expect(lines).toContain('server hl7.refuses AE')
})

test('equipment of version 2.7 and later stands in PRT', () => {
  const lines = linesOf(
    mllp(
      'MSH|^~\\&|GW||||||ORU^R01|1|P|2.9',
      'PRT|1|UC||AUT|PLANTED^JANE|||||PLANTED-DEVICE',
      'PRT|2|UC||EQUIP||||||INF-7^^0011223344556677^EUI-64||||||00888|||LOT9|SER9',
    ),
  )
  expect(lines.slice(6)).toEqual([
    'client hl7.equipment INF-7^0011223344556677^EUI-64',
    'client hl7.equipment-udi 00888',
    'client hl7.equipment-lot LOT9',
    'client hl7.equipment-serial SER9',
  ])
})

test("Mindray's equipment is known by its header alone, its codes and their values are not read", () => {
  const said = MINDRAY.map((message) => linesOf(mllp(...message)).slice(2))
  const ends = ['client hl7.processing P', 'client hl7.version 2.3.1']
  const monitor = ['client hl7.message ORU^R01', ...ends]
  const from = (name: string) => ['client hl7.application Mindray', `client hl7.facility ${name}`]
  expect(said).toEqual([
    monitor,
    monitor,
    [...from('Gateway'), ...monitor],
    [...from('Gateway'), 'client hl7.message QRY^A19', ...ends],
    [...from('BS-000'), ...monitor],
  ])
})

test('other delimiters are followed', () => {
  const lines = linesOf(
    mllp('MSH#*~\\&#LAB#SITE#LIS#SITE#1##ORU*R01#1#P#2.5', 'OBX#1##GLU*MDC_X*MDC'),
  )
  expect(lines).toContain('client hl7.message ORU^R01')
  expect(lines).toContain('client hl7.observation MDC_X')
})

test.each(SAMPLES.map(({ bytes, from }, at) => [at, bytes, from] as const))(
  'no planted patient of sample %i reaches a fact, wherever the message is cut or damaged',
  (_at, bytes, from) => {
    for (let at = 0; at < bytes.length; at++) {
      const context = () => testContext({ from })
      const lines = [
        ...linesOf(bytes.subarray(0, at), context()),
        ...linesOf(bytesOf(bytes.subarray(0, at), '|', bytes.subarray(at + 1)), context()),
        ...linesOf(bytesOf(bytes.subarray(0, at), '|', bytes.subarray(at)), context()),
        ...linesOf(bytesOf(bytes.subarray(0, at), bytes.subarray(at + 1)), context()),
      ]
      expect(lines.join('\n')).not.toMatch(/PLANTED|JANE/)
    }
  },
)

test('a segment that lost its end does not lend its fields from the patient', () => {
  const merged = `OBX|1||147842^MDC_ECG_HEART_RATE^MDC|1|||||||R|${'|'.repeat(3)}PID|1||PLANTED`
  expect(linesOf(mllp(ADMISSION[0]!, merged)).join()).not.toContain('PLANTED')
  const whole = merged.replace('PID', 'X')
  expect(linesOf(mllp(ADMISSION[0]!, whole)).join()).toContain('hl7.equipment PLANTED')
})

test('many empty segments take no longer than their number', () => {
  const cost = (count: number) => {
    const message = mllp(ADMISSION[0]!, '\r'.repeat(count))
    const started = performance.now()
    for (let turn = 0; turn < 5; turn++) linesOf(message)
    return performance.now() - started
  }
  cost(4000)
  // A search for line feeds from each segment on took 60 ms here, a message of 64 KiB and one turn.
  const [least = 0] = Array.from({ length: 5 }, () => cost(64_000)).toSorted((a, b) => a - b)
  expect(least).toBeLessThan(100)
})

test('frames are told apart by their end, whatever lies between them', () => {
  const frame = mllp(...ADMISSION)
  const twice = bytesOf(frame, '\r\n', frame)
  expect(readMessage(hl7, twice)).toMatchObject({ likeness: 'strong', length: frame.length })
  expect(readMessage(hl7, '\r\n').length).toBe(2)
  expect(readMessage(hl7, bytesOf('\r\n'.repeat(4000), frame)).length).toBe(8000)
  expect(readMessage(hl7, frame.subarray(0, 30)).length).toBe(0)
})

test('of a message with a document in it the head is read, the rest passed over', () => {
  const context = testContext()
  const long = mllp(...REPORT, `OBX|9|ED|PDF^^L||^PLANTED^${'A'.repeat(400_000)}`)
  const { length } = readMessage(hl7, long, testContext())
  expect(length).toBe(262_144)
  expect(readMessage(hl7, long.subarray(0, 262_144), context).facts.length).toBeGreaterThan(10)
  const other = testContext({ state: { client: 'inside', server: 'between' } })
  expect(readMessage(hl7, mllp(...ADMISSION), other).facts.length).toBeGreaterThan(5)
  const middle = long.subarray(262_144, 300_000)
  expect(readMessage(hl7, middle, context)).toMatchObject({ length: middle.length, facts: [] })
  const rest = bytesOf(long.subarray(300_000), mllp(...REFUSAL))
  const last = hl7.length?.(new Cursor(rest), context) ?? 0
  expect(rest[last - 1]).toBe(0x1c)
})

test.each([
  ['a framed message', mllp(...ADMISSION), 'strong'],
  ['a message without a frame', `${ADMISSION.join('\r')}\r`, 'weak'],
  ['a start block alone', bytesOf(0x0b), 'incomplete'],
  ['the start of a name', 'MS', 'incomplete'],
  ['a name without delimiters', bytesOf(0x0b, 'MSH12345'), 'no'],
  ['another protocol', 'GET / HTTP/1.1\r\n', 'no'],
] as const)('the likeness of %s', (_case, message, likeness) => {
  expect(readMessage(hl7, bytesOf(message)).likeness).toBe(likeness)
})
