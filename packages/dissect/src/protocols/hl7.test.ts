import { expect, test } from 'vitest'
import { Cursor } from '../cursor.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  ADMISSION,
  ALARM,
  INFUSION,
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
    'client hl7.infusion I51559 | Noradrenaline | 18.5 mL/h | pump-status-infusing | MDC_EVT_PUMP_DELIV_START',
    '00:09:fb:05:93:22 hl7.infusion-delivery pump-delivery-status-not-delivering',
    '00:09:fb:05:93:22 hl7.infusion P7 | pump-delivery-status-not-delivering',
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

test('other delimiters are followed', () => {
  const lines = linesOf(
    mllp('MSH#*~\\&#LAB#SITE#LIS#SITE#1##ORU*R01#1#P#2.5', 'OBX#1##GLU*MDC_X*MDC'),
  )
  expect(lines).toContain('client hl7.message ORU^R01')
  expect(lines).toContain('client hl7.observation MDC_X')
})

test('no planted patient reaches a fact, wherever the message is cut or damaged', () => {
  for (const { bytes, from } of SAMPLES) {
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
  }
})

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
