import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { HANDSHAKE, PING } from '../testing/samples/bittorrent.ts'
import { bittorrent, bittorrentUdp } from './bittorrent.ts'

test('a peer says which program it is', () => {
  expect(converse(bittorrent, [['client', HANDSHAKE]]).lines).toEqual([
    'client bittorrent.client UT2210',
  ])
  expect(converse(bittorrentUdp, [['client', PING]]).lines).toEqual(['client bittorrent.client UT'])
})

test('likeness', () => {
  expect(readMessage(bittorrent, HANDSHAKE).likeness).toBe('strong')
  expect(readMessage(bittorrent, HANDSHAKE.subarray(0, 5)).likeness).toBe('incomplete')
  expect(readMessage(bittorrent, '\x13Bitter').likeness).toBe('no')
  expect(readMessage(bittorrentUdp, PING).likeness).toBe('strong')
  expect(readMessage(bittorrentUdp, 'd1:ad2:id19:').likeness).toBe('no')
})
