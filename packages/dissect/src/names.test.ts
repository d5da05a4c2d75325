import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DISSECTORS } from './index.ts'

const DOCS = readFileSync(new URL('../../../docs/protocols.md', import.meta.url), 'utf8')
const LIST = /^Names of protocols: (.*?)\.\n/ms.exec(DOCS)?.[1] ?? ''
const NAMES = [...LIST.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)

/** Names that a flow gets from a dissector of another protocol. */
const GIVEN = ['fhir', 'ftp-data', 'ipp', 'nfs', 'sdc']

test('the docs list the name of every protocol, and no other', () => {
  expect(new Set(NAMES)).toEqual(new Set([...GIVEN, ...DISSECTORS.map(({ protocol }) => protocol)]))
})
