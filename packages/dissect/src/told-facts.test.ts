import { expect, test } from 'vitest'
import type { Fact } from './dissector.ts'
import { ToldFacts } from './told-facts.ts'

const fact = (number: number): Fact => ({
  subject: 'server',
  field: 'dns.query',
  value: `host-${number}.example`,
})

test.each([5, 100])('tells each of %d facts once', (count) => {
  const told = new ToldFacts()
  const facts = Array.from({ length: count }, (_, number) => fact(number))
  expect(facts.every((one) => told.isNews(one))).toBe(true)
  expect(facts.some((one) => told.isNews({ ...one }))).toBe(false)
})

test.each([0, 20])('tells facts apart by subject and field, after %d others', (others) => {
  const told = new ToldFacts()
  for (let number = 0; number < others; number++) told.isNews(fact(number))
  const value = 'pump-7'
  const variants: Fact[] = [
    { subject: 'client', field: 'dns.name', value },
    { subject: 'server', field: 'dns.name', value },
    { subject: 'server', field: 'dns.alias', value },
    { subject: { ip: '10.0.0.1' }, field: 'dns.name', value },
    { subject: { ip: '10.0.0.2' }, field: 'dns.name', value },
    { subject: { mac: '00:00:5e:00:53:01' }, field: 'dns.name', value },
  ]
  expect(variants.map((one) => told.isNews(one))).toEqual(variants.map(() => true))
  expect(variants.map((one) => told.isNews(one))).toEqual(variants.map(() => false))
})

test('forgets the oldest of very many, and only that', () => {
  const told = new ToldFacts()
  for (let number = 0; number < 5000; number++) expect(told.isNews(fact(number))).toBe(true)
  expect(told.isNews(fact(4999 - 1023))).toBe(false)
  expect(told.isNews(fact(4999 - 1024))).toBe(true)
  expect(told.isNews(fact(4999 - 1023))).toBe(true)
})

test('begins anew for another flow', () => {
  const told = new ToldFacts()
  for (let number = 0; number < 50; number++) told.isNews(fact(number))
  told.clear()
  expect(told.isNews(fact(7))).toBe(true)
})
