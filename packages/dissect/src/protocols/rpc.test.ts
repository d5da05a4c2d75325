import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { be32, bytesOf } from '../testing/frames.ts'
import { call, MOUNT, NFS, onStream } from '../testing/samples/rpc.ts'
import { rpc, rpcTcp } from './rpc.ts'

test('program and machine of a call; NFS gives its name to the flow', () => {
  const said = converse(rpc, [['client', MOUNT]])
  expect(said.lines).toEqual(['server rpc.program mount v3', 'client rpc.machine-name pacs-2'])
  expect(said.became).toEqual([])
  expect(converse(rpcTcp, [['client', onStream(NFS)]], {}, 7)).toMatchObject({
    became: ['nfs'],
    lines: ['server rpc.program nfs v3', 'client rpc.machine-name pacs-2'],
  })
})

test.each([
  ['a known program', MOUNT, 'strong'],
  ['an unknown program', call(777_777, 1), 'weak'],
  ['credentials that none has', call(100_003, 3, 99), 'no'],
  ['a version that none has', call(100_003, 3000), 'no'],
  ['an answer', bytesOf(be32(7), be32(1), be32(0), be32(0), be32(0), be32(0), 'ok'), 'weak'],
  [
    'an answer that was denied',
    bytesOf(be32(7), be32(1), be32(1), be32(0), be32(0), be32(0)),
    'no',
  ],
  ['an answer of no status', bytesOf(be32(7), be32(1), be32(0), be32(0), be32(0), be32(9)), 'no'],
  ['cut short', MOUNT.subarray(0, 40), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(rpc, message).likeness).toBe(likeness)
})
