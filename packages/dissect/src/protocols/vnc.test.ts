import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { be32, bytesOf } from '../testing/frames.ts'
import { BANNER, OLD_BANNER, screen, TYPES } from '../testing/samples/vnc.ts'
import { vnc } from './vnc.ts'

test('a desktop without a password', () => {
  const { lines } = converse(vnc, [
    ['server', BANNER],
    ['client', BANNER],
    ['server', TYPES],
    ['client', bytesOf(1)],
    ['server', be32Of(0)],
    ['client', bytesOf(1)],
    ['server', screen('CT-console')],
  ])
  expect(lines).toEqual([
    'server vnc.version 3.8',
    'client vnc.version 3.8',
    'server vnc.security none',
    'server vnc.security vnc-password',
    'server vnc.desktop-size 1280x1024',
    'server vnc.desktop-name CT-console',
  ])
})

const be32Of = (value: number) => bytesOf(be32(value))

test('before 3.7 the server chooses', () => {
  const { lines } = converse(vnc, [
    ['server', BANNER],
    ['client', OLD_BANNER],
    ['server', be32Of(2)],
  ])
  expect(lines.at(-1)).toBe('server vnc.security vnc-password')
})

test.each([
  ["maria's X desktop (pacs-2:1)", 'server vnc.desktop-name pacs-2:1'],
  ["maria's desktop", 'server vnc.desktop-size 1280x1024'],
])('%s: no person', (name, last) => {
  const said = converse(vnc, [
    ['server', BANNER],
    ['server', TYPES],
    ['server', screen(name)],
  ])
  expect(said.lines.at(-1)).toBe(last)
})

test.each([
  ['RFB 003.889\n', 'strong'],
  ['RFB 0', 'incomplete'],
  ['RFB 003.00x\n', 'no'],
  ['RTSP/1.0 200 OK', 'no'],
])('%j is %s', (text, likeness) => expect(readMessage(vnc, text).likeness).toBe(likeness))
