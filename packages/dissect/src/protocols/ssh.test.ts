import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { kexInit, LISTS } from '../testing/samples/ssh.ts'
import { ssh } from './ssh.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

test('a banner says which software speaks, and on what', () => {
  const read = readMessage(
    ssh,
    'SSH-2.0-OpenSSH_7.4 Raspbian-10\r\n',
    testContext({ from: 'server' }),
  )
  expect(read).toMatchObject({ likeness: 'strong', length: 33 })
  expect(read.facts).toEqual([
    { subject: 'server', field: 'ssh.banner', value: 'SSH-2.0-OpenSSH_7.4 Raspbian-10' },
    { subject: 'server', field: 'ssh.protocol', value: '2.0' },
    { subject: 'server', field: 'ssh.software', value: 'OpenSSH_7.4' },
    { subject: 'server', field: 'ssh.comment', value: 'Raspbian-10' },
  ])
})

test('each side is fingerprinted over what it offers for its own direction', () => {
  const client = testContext()
  readMessage(ssh, 'SSH-2.0-x\r\n', client)
  expect(readMessage(ssh, kexInit(LISTS), client).facts).toEqual([
    {
      subject: 'client',
      field: 'ssh.hassh',
      value: md5(`${LISTS[0]};aes128-ctr;hmac-sha2-256;none`),
    },
  ])
  const server = testContext({ from: 'server' })
  readMessage(ssh, 'SSH-2.0-x\r\n', server)
  const { facts, length } = readMessage(ssh, kexInit(LISTS), server)
  expect(facts).toContainEqual({
    subject: 'server',
    field: 'ssh.hassh-server',
    value: md5(`${LISTS[0]};aes256-ctr,3des-cbc;hmac-md5;zlib`),
  })
  expect(facts).toContainEqual({
    subject: 'server',
    field: 'ssh.weak-algorithms',
    value: 'diffie-hellman-group1-sha1,ssh-dss,3des-cbc,hmac-md5',
  })
  expect(length).toBeGreaterThan(0)
})

test('lines before the banner are passed over', () => {
  const context = testContext({ from: 'server' })
  expect(readMessage(ssh, 'Welcome\r\nSSH-2.0-x\r\n', context)).toMatchObject({
    likeness: 'weak',
    length: 9,
  })
  expect(readMessage(ssh, 'Welcome\r\n', testContext({ from: 'server' })).facts).toEqual([])
})

test('after the key exchange nothing is framed or read', () => {
  const context = testContext()
  readMessage(ssh, 'SSH-2.0-x\r\n', context)
  readMessage(ssh, kexInit(LISTS), context)
  const later = readMessage(ssh, bytesOf(0xff, 0xff, 1, 2, 3, 4, 5), context)
  expect(later).toMatchObject({ length: 7, facts: [], isConsumed: true })
})

test('version 1 is told apart, and has no key exchange of this kind', () => {
  const context = testContext({ from: 'server' })
  const { facts } = readMessage(ssh, 'SSH-1.5-Cisco-1.25\n', context)
  expect(facts).toContainEqual({ subject: 'server', field: 'ssh.protocol', value: '1.5' })
  expect(readMessage(ssh, kexInit(LISTS), context).facts).toEqual([])
})

test.each([
  ['SSH', 'incomplete'],
  ['SSH-2', 'incomplete'],
  ['SSH-X.y-nothing\n', 'no'],
  ['GET / HTTP/1.1\r\n', 'no'],
])('%j is %s', (text, likeness) => expect(readMessage(ssh, text).likeness).toBe(likeness))

test('a packet longer than any may be is not this protocol', () => {
  const context = testContext()
  readMessage(ssh, 'SSH-2.0-x\r\n', context)
  expect(readMessage(ssh, bytesOf(0x10, 0, 0, 0, 0), context).length).toBe(-1)
})
