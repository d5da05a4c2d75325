import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readImage } from './image.ts'

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16))
const PNG = `89504e470d0a1a0a0000000d49484452000004b0000003200802000000${'00'.repeat(8)}`
const JPEG = `ffd8ffe000104a46494600010100000100010000ffc0001108032004b003012200021101031101`

test('a PNG and a JPEG say their size', () => {
  expect(readImage(bytes(PNG))).toEqual({ mediaType: 'image/png', width: 1200, height: 800 })
  expect(readImage(bytes(JPEG))).toEqual({ mediaType: 'image/jpeg', width: 1200, height: 800 })
})

test.each([
  ['text', bytes('3c7376673e')],
  ['nothing', new Uint8Array()],
  ['a cut PNG', bytes(PNG.slice(0, 40))],
  ['a JPEG without a frame', bytes('ffd8ffe000104a46494600010100000100010000ffd9')],
  ['a JPEG of a segment without length', bytes('ffd8ffe00000ffe00000ffe00000')],
  ['a PNG without width', bytes(PNG.replace('000004b0', '00000000'))],
])('%s is no image', (_name, file) => {
  expect(readImage(file)).toBeUndefined()
})

test('no bytes make it fail or hang', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (rest) => {
      readImage(Uint8Array.from([0xff, 0xd8, ...rest]))
      readImage(Uint8Array.from([...bytes(PNG).subarray(0, 12), ...rest]))
    }),
  )
})
