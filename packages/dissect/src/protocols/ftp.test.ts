import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { ftp } from './ftp.ts'

function flow(...said: readonly ['client' | 'server', string][]) {
  const shared = testContext({ serverPort: 21 })
  const facts = said.flatMap(([from, line]) =>
    readMessage(ftp, `${line}\r\n`, Object.assign(shared, { from })).facts.map(
      ({ field, value }) => `${field} ${value}`,
    ),
  )
  return { facts, became: shared.became }
}

test('a greeting and an answer to SYST name the server; a login is a fact without a name', () => {
  const { facts, became } = flow(
    ['server', '220 Examplemed CT FTP server ready'],
    ['client', 'USER planted-user'],
    ['server', '331 Password required for planted-user'],
    ['client', 'PASS planted-secret'],
    ['server', '230 User planted-user logged in'],
    ['client', 'SYST'],
    ['server', '215 UNIX Type: L8'],
    ['client', 'STOR DOE^JANE.dcm'],
    ['server', '150 Opening DOE^JANE.dcm'],
  )
  expect(facts).toEqual([
    'ftp.banner Examplemed CT FTP server ready',
    'ftp.login cleartext',
    'ftp.system UNIX Type: L8',
  ])
  expect(became).toEqual([])
})

test('anonymous access is a weakness of its own, not a cleartext login', () => {
  const { facts } = flow(
    ['client', 'USER anonymous'],
    ['server', '331 ok'],
    ['client', 'PASS guest@example'],
    ['server', '230 Login successful'],
  )
  expect(facts).toEqual(['ftp.anonymous accepted'])
})

test('anonymous access that is refused is none', () => {
  const { facts } = flow(
    ['client', 'USER ftp'],
    ['client', 'PASS x'],
    ['server', '530 Login incorrect'],
    ['server', '230 something else'],
  )
  expect(facts).toEqual([])
})

test('AUTH TLS hands the rest over, once the server agrees', () => {
  expect(flow(['client', 'AUTH TLS'], ['server', '500 What?']).became).toEqual([])
  expect(flow(['client', 'AUTH TLS'], ['server', '234 Go ahead'])).toEqual({
    facts: ['ftp.starttls accepted'],
    became: ['tls'],
  })
})

test('all lines of a greeting are read, nothing after it', () => {
  const { facts } = flow(
    ['server', '220-ProFTPD 1.3.1 Server'],
    ['server', '220 Hello'],
    ['server', '220 DOE^JANE'],
  )
  expect(facts).toEqual(['ftp.banner ProFTPD 1.3.1 Server', 'ftp.banner Hello'])
})

test('a sign-in by other means is not taken for TLS', () => {
  expect(flow(['client', 'AUTH GSSAPI'], ['server', '334 Go on']).became).toEqual([])
})

test('lines of other protocols with commands and codes are broken', () => {
  const isConsumed = (from: 'client' | 'server', line: string, state?: unknown) =>
    readMessage(ftp, `${line}\r\n`, testContext({ from, state })).isConsumed
  expect(isConsumed('client', 'EHLO pump.example')).toBe(false)
  expect(isConsumed('client', 'NICK someone')).toBe(false)
  expect(isConsumed('server', '+OK POP3 ready')).toBe(false)
  expect(isConsumed('client', 'mdtm file')).toBe(true)
  expect(isConsumed('server', '331 Password required')).toBe(true)
  const shared = testContext({ from: 'server' })
  for (const line of ['211-Features:', ' MDTM', '211 End']) {
    expect(readMessage(ftp, `${line}\r\n`, shared).isConsumed).toBe(true)
  }
  expect(readMessage(ftp, ' MDTM\r\n', shared).isConsumed).toBe(false)
})

test.each([
  ['server', '220 (vsFTPd 2.0.5)\r\n', 'strong'],
  ['server', '220 Service ready\r\n', 'weak'],
  ['server', '220 mail.example ESMTP\r\n', 'no'],
  ['server', '22', 'incomplete'],
  ['server', 'HTTP/1.1 220 x\r\n', 'no'],
  ['client', 'USER someone\r\n', 'weak'],
  ['client', 'GET / HTTP/1.1\r\n', 'no'],
] as const)('from the %s, %j is %s', (from, text, likeness) => {
  expect(readMessage(ftp, text, testContext({ from })).likeness).toBe(likeness)
})

test('announces where the data of a transfer goes', () => {
  const expectations = (from: 'client' | 'server', line: string) => {
    const context = testContext({ from, serverPort: 21 })
    readMessage(ftp, `${line}\r\n`, context)
    return context.expected.map(({ protocol, over, end, port }) => {
      const whose = typeof end === 'string' ? end : end.ip
      return `${protocol} ${over} ${whose} ${port}`
    })
  }
  const passive = ['ftp-data tcp server 56666', 'ftp-data tcp 199.233.217.249 56666']
  const answer = '227 Entering Passive Mode (199,233,217,249,221,90)'
  expect(expectations('server', answer)).toEqual(passive)
  const active = ['ftp-data tcp client 1025', 'ftp-data tcp 192.0.2.5 1025']
  expect(expectations('client', 'PORT 192,0,2,5,4,1')).toEqual(active)
  const six = '229 Entering Extended Passive Mode (|||57086|)'
  expect(expectations('server', six)).toEqual(['ftp-data tcp server 57086'])
  expect(expectations('client', 'EPRT |2|2001:db8::1|1026|')).toEqual(['ftp-data tcp client 1026'])
  const others = [
    'PORT 192,0,2,5,400,1',
    'PORT 192,0,2,5,4',
    'EPRT |2|2001:db8::1|70000|',
    'LIST 1,2,3,4,5,6',
  ]
  expect(others.flatMap((line) => expectations('client', line))).toEqual([])
})
