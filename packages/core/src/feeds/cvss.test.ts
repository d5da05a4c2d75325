import { expect, test } from 'vitest'
import { scoreOf, scoreVector } from './cvss.ts'

test.each([
  ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 10],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
  ['no vector', undefined],
  ['CVSS:3.1/AV:X', undefined],
])('the score of %s is %s', (vector, score) => expect(scoreOf(vector)).toBe(score))

test('a stated score that the vector does not give is kept beside it', () => {
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
  expect(scoreVector(vector, 7.1, 'x')).toMatchObject({ score: 9.8, stated: 7.1 })
  expect(scoreVector(vector, 9.8, 'x')).not.toHaveProperty('stated')
})
