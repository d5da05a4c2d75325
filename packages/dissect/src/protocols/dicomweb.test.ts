import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import type { Said } from '../testing/frames.ts'
import { FOUND, RETRIEVE, SEARCH, STORE } from '../testing/samples/dicomweb.ts'
import { dicomwebService } from './dicomweb.ts'
import { http } from './http.ts'

const told = (...said: readonly Said[]) =>
  converse(http, said).lines.filter((line) => line.includes(' dicomweb.'))
const ROLES = ['server dicomweb.role origin-server', 'client dicomweb.role user-agent']
const CLEAR = 'server dicomweb.transport cleartext'

test('a service and who offers it are told, by a request or once its answer shows what it was', () => {
  expect(told(['client', SEARCH])).toEqual([])
  expect(told(['client', SEARCH], ['server', FOUND])).toEqual([
    'server dicomweb.service qido-rs',
    ...ROLES,
    CLEAR,
  ])
  expect(told(['client', RETRIEVE])[0]).toBe('server dicomweb.service wado-rs')
  expect(told(['client', STORE])[0]).toBe('server dicomweb.service stow-rs')
  expect(told(['server', FOUND])).toEqual([...ROLES, CLEAR])
})

test('no patient and no study is told', () => {
  const said: Said[] = [
    ['client', SEARCH],
    ['server', FOUND],
    ['client', RETRIEVE],
    ['client', STORE],
  ]
  expect(converse(http, said).lines.join('\n')).not.toMatch(/PLANTED|JANE|1\.2|4\.5/)
})

test.each([
  ['GET', '/studies', 'qido-rs'],
  ['GET', '/dicom-web/studies/1.2/instances/?limit=5', 'qido-rs'],
  ['GET', '/a/b/c/d/rs/studies/1.2/series/3/instances', 'qido-rs'],
  ['GET', '/studies/1.2', 'wado-rs'],
  ['GET', '/studies/1.2/metadata', 'wado-rs'],
  ['GET', '/studies/1.2/series/3/instances/4/frames/1', 'wado-rs'],
  ['GET', '/wado?requestType=WADO&studyUID=1.2', 'wado-uri'],
  ['POST', '/rs/studies', 'stow-rs'],
  ['POST', '/rs/studies/1.2', 'stow-rs'],
  ['POST', '/rs/studies/1.2/series', undefined],
  ['POST', '/rs/series', undefined],
  ['GET', '/rs/workitems/1.2', 'ups-rs'],
  ['DELETE', '/rs/studies/1.2', undefined],
  ['GET', '/index.html', undefined],
  ['GET', `/studies/${'1'.repeat(5000)}`, undefined],
])('%s %s is %s', (method, target, service) => {
  expect(dicomwebService(method, target)).toBe(service)
})
