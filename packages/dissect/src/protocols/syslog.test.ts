import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { BARE, NEW, OLD } from '../testing/samples/syslog.ts'
import { syslog, syslogTcp } from './syslog.ts'

const OLD_LINES = [
  'client syslog.facility auth',
  'client syslog.host pump-7',
  'client syslog.program sshd',
]
const NEW_LINES = [
  'client syslog.facility local4',
  'client syslog.host pacs.ward.example',
  'client syslog.program storescp',
]

test('host and program, and nothing of the message', () => {
  expect(converse(syslog, [['client', OLD]]).lines).toEqual(OLD_LINES)
  expect(converse(syslog, [['client', NEW]]).lines).toEqual(NEW_LINES)
  expect(converse(syslog, [['client', BARE]]).lines).toEqual(['client syslog.facility user'])
})

test('over a stream lines and counted frames are told apart', () => {
  const counted = bytesOf(`${NEW.length} `, NEW)
  const { lines } = converse(syslogTcp, [['client', bytesOf(OLD, '\n', counted)]], {}, 9)
  expect(lines).toEqual([...OLD_LINES, ...NEW_LINES])
})

test.each([
  ['the old form', OLD, 9999, 'strong'],
  ['the new form', NEW, 9999, 'strong'],
  ['without a header, on its port', BARE, 514, 'strong'],
  ['without a header, elsewhere', BARE, 9999, 'weak'],
  ['a priority that none has', bytesOf('<192>something'), 514, 'no'],
  ['markup', bytesOf('<html><body>'), 514, 'no'],
])('%s', (_case, message, serverPort, likeness) => {
  expect(readMessage(syslog, message, testContext({ serverPort })).likeness).toBe(likeness)
})
