import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { OPTIONS, TERMINAL } from '../testing/samples/telnet.ts'
import { telnet } from './telnet.ts'

/** One flow through the dissector, as text of its facts. */
function flow(...said: readonly ['client' | 'server', Uint8Array | string | readonly number[]][]) {
  const shared = testContext({ serverPort: 23 })
  return said.flatMap(([from, message]) => {
    const context = Object.assign(shared, { from })
    return readMessage(telnet, bytesOf(message), context).facts.map(
      ({ subject, field, value }) => `${String(subject)} ${field} ${value}`,
    )
  })
}

test('a session is cleartext, and the server names itself before anybody signs in', () => {
  const facts = flow(
    ['server', OPTIONS],
    ['client', TERMINAL],
    ['server', '\r\n\u001b[1mExamplemed Pump 7\u001b[0m\r\n fw 2.1'],
    ['server', '\r\npump7 login: '],
  )
  expect(facts).toEqual([
    'server telnet.session cleartext',
    'client telnet.terminal VT100',
    'server telnet.banner Examplemed Pump 7 fw 2.1 pump7',
    'server telnet.prompt login:',
  ])
})

test('nothing that is typed, echoed or shown afterwards is read', () => {
  const facts = flow(
    ['server', OPTIONS],
    ['server', 'Pump login: '],
    ['client', 'planted-user\r\n'],
    ['server', 'planted-user\r\nPassword: '],
    ['client', 'planted-secret\r\n'],
    ['server', 'Patient DOE^JANE login: '],
  )
  expect(facts.join()).not.toMatch(/planted|DOE/)
})

test('once the client has typed, a banner without a prompt is not read either', () => {
  const facts = flow(['server', OPTIONS], ['client', 'x'], ['server', 'DOE^JANE\r\nlogin: '])
  expect(facts).toEqual(['server telnet.session cleartext'])
})

test('the environment that a client tells (user names) is not read', () => {
  const environment = bytesOf(255, 250, 39, 0, 0, 'USER', 1, 'planted', 255, 240)
  expect(flow(['client', environment])).toEqual(['server telnet.session cleartext'])
})

test.each([
  ['two commands', bytesOf(OPTIONS), 'server', 'strong'],
  ['one command', bytesOf(255, 253, 24), 'server', 'weak'],
  ['the start of a command', bytesOf(255, 253), 'server', 'incomplete'],
  ['an option that is not registered', bytesOf(255, 253, 99), 'server', 'no'],
  ['text of a server on its port', 'login: ', 'server', 'weak'],
  ['text of a client', 'hello', 'client', 'no'],
  ['bytes that are no text', bytesOf(1, 2, 3), 'server', 'no'],
] as const)('%s', (_case, message, from, likeness) => {
  const context = testContext({ from, serverPort: 23 })
  expect(readMessage(telnet, bytesOf(message), context).likeness).toBe(likeness)
})
