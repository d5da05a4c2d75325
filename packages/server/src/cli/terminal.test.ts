import { expect, test } from 'vitest'
import { table } from './terminal.ts'

const head = ['Device', 'Type', 'Address', 'MAC']
const rows = [
  ['Philips IntelliVue MX450 (DE35174021)', 'patient-monitor', '10.20.10.31', '00:09:fb:45:11:31'],
  ['kali', 'workstation', '10.20.10.222', 'a4:bb:6d:00:00:01'],
]
const linesAt = (columns: number) => table(head, rows, columns).trimEnd().split('\n')

test('keeps everything where there is room, or no terminal', () => {
  const address = '10.20.10.31'.padEnd('10.20.10.222'.length)
  expect(linesAt(Infinity)[1]).toBe(rows[0]?.with(2, address).join('  '))
})

test('cuts the widest column first', () => {
  const [, first] = linesAt(80)
  expect(first).toHaveLength(80)
  expect(first).toMatch(/^Philips IntelliVue MX450 \(.*… +patient-monitor {2}10\.20\.10\.31 /)
})

test('leaves the last columns out of a narrow terminal, and stays legible', () => {
  const lines = linesAt(40)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40)
  expect(lines[0]).toMatch(/^Device +Type +Address$/)
  expect(linesAt(10)[0]).toBe('Device')
})

test('says nothing of no row', () => {
  expect(table(head, [], 80)).toBe('')
})
