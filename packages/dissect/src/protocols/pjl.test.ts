import { expect, test } from 'vitest'
import { pcap } from '../testing/captures.ts'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf, type Said, tcpFrames } from '../testing/frames.ts'
import { observe } from '../testing/observe.ts'
import { ASK, JOB, STATUS, TELL, UEL } from '../testing/samples/pjl.ts'
import { pjl } from './pjl.ts'

test('a printer tells its model when it is asked', () => {
  const said: Said[] = [
    ['client', ASK],
    ['server', TELL],
    ['server', STATUS],
  ]
  expect(converse(pjl, said).lines).toEqual([
    'client pjl.command info id',
    'server pjl.model Examplemed Printo 7',
  ])
  const told = bytesOf(TELL)
  const pieces = Array.from({ length: Math.ceil(told.length / 5) }, (_, at): Said => {
    return ['server', told.slice(at * 5, at * 5 + 5)]
  })
  expect(converse(pjl, [['client', ASK], ...pieces]).lines).toContain(
    'server pjl.model Examplemed Printo 7',
  )
  // What nobody asked for may be anything.
  expect(converse(pjl, [['server', TELL]]).lines).toEqual([])
})

test('of a job the commands and the language are told, and nothing of what they say', () => {
  expect(converse(pjl, [['client', JOB]]).lines).toEqual(
    [
      ...['job', 'comment', 'set', 'set', 'rdymsg', 'enter'].map((word) => `command ${word}`),
      'language pcl',
    ].map((line) => `client pjl.${line}`),
  )
})

test('data in the middle of a job are not taken for commands', () => {
  const said: Said[] = [
    ['client', ASK],
    ['client', `of the document\r\n@PJL FSDELETE NAME="x"\r\n`],
  ]
  expect(converse(pjl, said).lines).toEqual(['client pjl.command info id'])
})

test('it is known on any port', () => {
  const [flow] = observe(
    pcap(
      tcpFrames({ server: { port: 40_404 } }, [
        ['client', ASK],
        ['server', TELL],
      ]),
    ),
  )
  expect(flow).toMatchObject({ protocol: 'pjl', also: [] })
  expect(flow?.values.get('pjl.model')).toEqual(['Examplemed Printo 7'])
})

test.each([
  [`${UEL}%!PS`, 'strong'],
  ['@PJL INFO ID\r\n', 'strong'],
  [UEL.slice(0, 4), 'incomplete'],
  ['@P', 'incomplete'],
  ['\x1bE\x1b&l1O', 'no'],
  ['@RSYNCD: 31.0\n', 'no'],
])('%j is %s', (text, likeness) => expect(readMessage(pjl, text).likeness).toBe(likeness))

test('an answer without an end is not waited for without end', () => {
  const text = bytesOf('@PJL INFO ID\r\n', 'x'.repeat(5000))
  expect(
    converse(pjl, [
      ['client', ASK],
      ['server', text],
    ]).lines,
  ).toHaveLength(2)
})
