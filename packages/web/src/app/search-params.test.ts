import { listAssets } from '@wardkeeper/contract'
import { expect, test } from 'vitest'
import { listSearch, oneOf, parseSearch, stringifySearch } from './search-params.ts'

test('what is written into the address is read back', () => {
  const search = { type: ['ct', 'infusion-pump'], q: 'ward 4B & more', sort: '-lastSeen' }
  expect(parseSearch(stringifySearch(search).slice(1))).toEqual(search)
  expect(stringifySearch({ q: undefined, type: [] })).toBe('')
})

const read = listSearch(listAssets.query)

test('one value of a filter is a list of one', () => {
  expect(read({ type: 'ct' })).toEqual({ type: ['ct'] })
})

test('values that the route does not know are dropped, the rest stays', () => {
  expect(
    read({ state: 'asleep', sort: 'sideways', unit: 'ICU', limit: '200', page: '-3' }),
  ).toEqual({ unit: ['ICU'] })
})

test('columns and page are kept for ourselves', () => {
  expect(read({ columns: 'label', page: '3', cursor: 'abc' })).toEqual({
    columns: ['label'],
    page: 3,
    cursor: 'abc',
  })
})

test('a word that is none of the views gives the first', () => {
  expect(oneOf(['board', 'list'], 'list')).toBe('list')
  expect(oneOf(['board', 'list'], 'tree')).toBe('board')
})
