import { expect, test } from 'vitest'
import { segmentNameOf } from './segment-name.ts'

test.each([
  ['10.4.12.9', '10.4.12.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['fe80::1', 'fe80:0:0:0::/64'],
  ['pump', undefined],
  [undefined, undefined],
])('%s lies in %s', (ip, segment) => {
  expect(segmentNameOf(ip)).toBe(segment)
})
