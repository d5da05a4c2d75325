import { expect, test } from 'vitest'
import { configurationsOf } from './nvd.ts'

test('AND keeps the hardware as a condition, OR makes several ways', () => {
  const match = (criteria: string, vulnerable = true) => ({
    criteria: `cpe:2.3:${criteria}`,
    vulnerable,
  })
  const node = (...cpeMatch: object[]) => ({ operator: 'OR', negate: false, cpeMatch })
  const [both] = configurationsOf({
    operator: 'AND',
    nodes: [node(match('o:a:b')), node(match('h:a:b', false))],
  })
  expect(both?.nodes).toHaveLength(2)
  expect(configurationsOf({ nodes: [node(match('a:a:b')), node(match('a:a:c'))] })).toHaveLength(2)
  expect(configurationsOf({ negate: true, nodes: [node(match('a:a:b'))] })).toEqual([])
})
