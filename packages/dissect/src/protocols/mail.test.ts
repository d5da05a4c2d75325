import { expect, test } from 'vitest'
import type { Dissector } from '../dissector.ts'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import type { Said } from '../testing/frames.ts'
import { SAMPLES as IMAP } from '../testing/samples/imap.ts'
import { SAMPLES as POP3 } from '../testing/samples/pop3.ts'
import { SAMPLES as SMTP } from '../testing/samples/smtp.ts'
import { imap } from './imap.ts'
import { pop3 } from './pop3.ts'
import { smtp } from './smtp.ts'

const crlf = (said: readonly Said[]): Said[] =>
  said.map(([from, line]) => [from, `${String(line)}\r\n`])
const talk = (dissector: Dissector, ...said: readonly Said[]) => converse(dissector, crlf(said))

test('SMTP names both ends, without the date, and what is offered', () => {
  const { lines } = talk(
    smtp,
    ['server', '220 mail.example ESMTP Postfix; Mon, 5 Jan 2026 10:00:00 +0000'],
    ['client', 'EHLO pump7.ward.example'],
    ['server', '250-STARTTLS'],
    ['server', '250 OK'],
  )
  expect(lines).toEqual([
    'server smtp.banner mail.example ESMTP Postfix',
    'client smtp.client-name pump7.ward.example',
    'server smtp.starttls offered',
  ])
})

test('mail and sign-in in clear are facts; addresses and secrets are not', () => {
  const { lines } = talk(
    smtp,
    ['client', 'EHLO pump7'],
    ['client', 'AUTH LOGIN'],
    ['server', '334 VXNlcm5hbWU6'],
    ['client', 'UExBTlRFRA=='],
    ['server', '334 UGFzc3dvcmQ6'],
    ['client', 'QUIT'],
    ['server', '235 ok'],
    ['client', 'MAIL FROM:<PLANTED@example>'],
    ['client', 'RCPT TO:<PLANTED@example>'],
  )
  expect(lines).toEqual([
    'client smtp.client-name pump7',
    'server smtp.login cleartext',
    'client smtp.transport cleartext',
  ])
})

test.each([
  ['smtp', smtp, 'STARTTLS', '220 Ready', '454 Not now'],
  ['pop3', pop3, 'STLS', '+OK Begin', '-ERR No'],
  ['imap', imap, 'a1 STARTTLS', 'a1 OK Begin', 'a1 BAD No'],
] as const)('%s becomes tls only once the server agrees', (_name, dissector, ask, yes, no) => {
  const greeting: Said = [
    'server',
    { smtp: '220 x ESMTP', pop3: '+OK POP', imap: '* OK IMAP' }[_name],
  ]
  expect(talk(dissector, greeting, ['client', ask], ['server', no]).became).toEqual([])
  const { became, lines } = talk(dissector, greeting, ['client', ask], ['server', yes])
  expect(became).toEqual(['tls'])
  expect(lines).toContain(`server ${_name}.starttls accepted`)
})

test('POP3 and IMAP tell their software, and that somebody signs in unencrypted', () => {
  expect(
    talk(
      pop3,
      ['server', '+OK Dovecot POP3 <1.2@x>'],
      ['client', 'USER PLANTED'],
      ['client', 'PASS PLANTED'],
    ).lines,
  ).toEqual(['server pop3.banner Dovecot POP3', 'server pop3.login cleartext'])
  expect(
    talk(imap, ['server', '* OK Dovecot IMAP'], ['client', '1 AUTHENTICATE PLAIN']).lines,
  ).toEqual(['server imap.banner Dovecot IMAP', 'server imap.login cleartext'])
  expect(talk(imap, ['client', '1 AUTHENTICATE GSSAPI']).lines).toEqual([])
})

test('POP3 tells that STLS is offered, in the list of capabilities alone', () => {
  const greeting: Said = ['server', '+OK POP']
  const list: Said[] = ['+OK', 'TOP', 'STLS', 'SASL PLAIN', '.'].map((line) => ['server', line])
  const offered = 'server pop3.starttls offered'
  expect(talk(pop3, greeting, ['client', 'CAPA'], ...list).lines).toContain(offered)
  // Before the list and after it the word is a line of a mail.
  expect(talk(pop3, greeting, ['client', 'RETR 1'], ...list).lines).not.toContain(offered)
  const without = list.filter(([, line]) => line !== 'STLS')
  const after: Said[] = [
    ['client', 'RETR 1'],
    ['server', '+OK'],
    ['server', 'STLS'],
  ]
  expect(talk(pop3, greeting, ['client', 'CAPA'], ...without, ...after).lines).not.toContain(
    offered,
  )
  const refused: Said = ['server', '-ERR']
  expect(talk(pop3, greeting, ['client', 'CAPA'], refused, ...after).lines).not.toContain(offered)
})

test.each([
  ['* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED', ['offered', 'required']],
  ['* OK [CAPABILITY IMAP4rev1 STARTTLS] ready', ['offered']],
  ['a1 OK [CAPABILITY imap4rev1 starttls] done', ['offered']],
  [`* CAPABILITY IMAP4rev1 ${'X-OTHER '.repeat(100)}STARTTLS`, ['offered']],
  ['* CAPABILITY IMAP4rev1 XSTARTTLS', []],
  ['* OK STARTTLS LOGINDISABLED', []],
  ['* OK CAPABILITY STARTTLS', []],
  ['* 1 FETCH (BODY {9} STARTTLS', []],
])('IMAP tells what is offered in %#: %.60s', (line, values) => {
  const { facts } = talk(imap, ['server', '* OK IMAP'], ['server', line])
  const told = facts.filter(({ field }) => field === 'imap.starttls')
  expect(told.map(({ value }) => value)).toEqual(values)
})

test('no planted name reaches a fact', () => {
  for (const [dissector, samples] of [
    [smtp, SMTP],
    [pop3, POP3],
    [imap, IMAP],
  ] as const) {
    const said = samples.map(({ from, bytes }): Said => [from, bytes])
    expect(converse(dissector, said).lines.join()).not.toMatch(/PLANTED|UExB/)
  }
})

test.each([
  [smtp, 'server', '220 a ESMTP', 'strong'],
  [smtp, 'server', '220 a', 'weak'],
  [smtp, 'server', '220 a FTP', 'no'],
  [smtp, 'client', 'EHLO a', 'strong'],
  [smtp, 'client', 'GET / HTTP/1.1', 'no'],
  [pop3, 'server', '+OK POP3', 'strong'],
  [pop3, 'server', '+OK', 'weak'],
  [pop3, 'server', '-ERR', 'no'],
  [imap, 'server', '* OK IMAP4', 'strong'],
  [imap, 'server', '* OK', 'weak'],
  [imap, 'client', 'a LOGIN b c', 'weak'],
] as const)('%#: %o', (dissector, from, line, likeness) => {
  expect(readMessage(dissector, `${line}\r\n`, testContext({ from })).likeness).toBe(likeness)
})

test('lines of other protocols are broken', () => {
  expect(readMessage(pop3, 'SET planted 1\r\n').isConsumed).toBe(false)
  expect(readMessage(smtp, 'NICK x\r\n').isConsumed).toBe(false)
  expect(readMessage(smtp, '+OK\r\n', testContext({ from: 'server' })).isConsumed).toBe(false)
})
