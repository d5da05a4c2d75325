import { expect, test } from 'vitest'
import { productAt, startCpeColumns } from './cpe-columns.ts'

const cpe = (name: string, rest = '*:*') => `cpe:2.3:o:${name}:${rest}:*:*:*:*:*:*`

function columnsOf(...matches: readonly (readonly [string, object?])[]) {
  const builder = startCpeColumns()
  const own = matches.map(([criteria, bounds]) => ({ criteria, vulnerable: true, ...bounds }))
  builder.add('CVE-1', [{ nodes: [own] }])
  const columns = builder.finish()
  const products = Array.from(columns.names.ends, (_, name) => productAt(columns.names, name))
  return { ...columns, products }
}

test('a product is one with its firmware, and the same name of another vendor is another', () => {
  const { vendors, products, vendorOf, nameOf } = columnsOf(
    [cpe('bd:alaris_8015')],
    [cpe('bd:alaris_8015_firmware')],
    [cpe('acme:alaris_8015')],
  )
  expect([...nameOf]).toEqual([0, 0, 1])
  expect(products).toEqual(['alaris_8015', 'alaris_8015'])
  expect([...vendorOf].map((vendor) => vendors[vendor])).toEqual(['bd', 'acme'])
})

test('an escaped colon ends no field', () => {
  const { vendors, products, clauses } = columnsOf([cpe(String.raw`a\:b:c\:d`, String.raw`1\:2:*`)])
  expect([vendors, products]).toEqual([['a:b'], ['c:d']])
  expect(clauses).toEqual([{ kind: 'exact', version: '1:2' }])
})

test('ranges are one where version, update and all bounds are the same', () => {
  const { clauseOf, clauses } = columnsOf(
    [cpe('bd:a', '1:*')],
    [cpe('bd:b', '1:*')],
    [cpe('bd:a', '1:sp2')],
    [cpe('bd:a'), { startIncluding: '1', endExcluding: '2' }],
    [cpe('bd:b'), { startIncluding: '1', endExcluding: '2' }],
    [cpe('bd:a'), { startIncluding: '1', endIncluding: '2' }],
    [cpe('bd:a'), { startExcluding: '1', endIncluding: '2' }],
  )
  expect([...clauseOf]).toEqual([0, 0, 1, 2, 2, 3, 4])
  expect(clauses).toHaveLength(5)
})

test.each([
  '',
  'cpe:/o:bd:alaris',
  'cpe:2.3:o',
  'cpe:2.3:o:bd',
  'cpe:2.3:o:bd:',
  'cpe:2.3:o::alaris:1',
])('what is no CPE name is left out: %s', (criteria) => {
  const { products, nameOf } = columnsOf([criteria], [cpe('bd:alaris')])
  expect(products).toEqual(['alaris'])
  expect(nameOf).toHaveLength(1)
})

test('a name that ends early has any version', () => {
  expect(columnsOf(['cpe:2.3:o:bd:alaris']).clauses).toEqual([{ kind: 'all' }])
})
