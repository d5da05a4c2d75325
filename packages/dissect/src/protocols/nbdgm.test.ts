import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { ANNOUNCEMENT, datagram } from '../testing/samples/nbdgm.ts'
import { nbdgm } from './nbdgm.ts'

test('a host announces itself to its workgroup', () => {
  expect(converse(nbdgm, [['client', ANNOUNCEMENT]]).lines).toEqual([
    '10.0.0.7 nbdgm.name PACS-2',
    '10.0.0.7 nbdgm.workgroup WARD3',
    '10.0.0.7 nbdgm.host-name PACS-2',
    '10.0.0.7 nbdgm.os-version 6.1',
    '10.0.0.7 nbdgm.role workstation',
    '10.0.0.7 nbdgm.role server',
    '10.0.0.7 nbdgm.role windows-nt',
    '10.0.0.7 nbdgm.comment CT room',
  ])
})

test('a mail slot is a transaction of SMB', () => {
  const carried = (message: Uint8Array) => converse(nbdgm, [['client', message]]).carried
  expect(carried(ANNOUNCEMENT)).toEqual(['smb'])
  const at = ANNOUNCEMENT.findIndex(
    (byte, place) => byte === 0xff && ANNOUNCEMENT[place + 1] === 0x53,
  )
  expect(carried(ANNOUNCEMENT.with(at, 0xfe))).toEqual([])
})

test('another mail slot is not read: messages to persons go there', () => {
  const message = datagram('\x01maria muster', '\\MAILSLOT\\MESSNGR\0')
  expect(converse(nbdgm, [['client', message]]).lines).toHaveLength(2)
})

/** The announcement with so many bytes more in its length field. */
function claiming(more: number): Uint8Array {
  const message = ANNOUNCEMENT.slice()
  message[11]! += more
  return message
}

test.each([
  ['an announcement', ANNOUNCEMENT, 'strong'],
  ['with its header counted in, as some printers do', claiming(14), 'strong'],
  ['of more bytes than there are', claiming(15), 'no'],
  ['cut short', ANNOUNCEMENT.subarray(0, 100), 'no'],
  ['without an encoded name', ANNOUNCEMENT.map((byte, at) => (at === 20 ? 0x7a : byte)), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(nbdgm, message).likeness).toBe(likeness)
})
