import { assignWorkOrder, getAsset, listAssets, signOut } from '@wardkeeper/contract'
import { afterEach, expect, test, vi } from 'vitest'
import { CallFailed, call, pathOf } from './call.ts'

const id = '01990000-0000-7000-8000-000000000001'

function answer(status: number, body: unknown) {
  const text = body === undefined ? null : JSON.stringify(body)
  const fetched = vi.fn<() => Promise<Response>>(() =>
    Promise.resolve(new Response(text, { status })),
  )
  vi.stubGlobal('fetch', fetched)
  return fetched
}

afterEach(() => vi.unstubAllGlobals())

test('puts parameters into the path and lists as repeated query parameters', () => {
  expect(pathOf(getAsset, { params: { id } })).toBe(`/api/assets/${id}`)
  expect(
    pathOf(listAssets, { query: { type: ['infusion-pump', 'ct'], q: '', sort: '-lastSeen' } }),
  ).toBe('/api/assets?type=infusion-pump&type=ct&sort=-lastSeen')
})

test('sends the body and reads the answer by the contract', async () => {
  const fetched = answer(200, { items: [], total: 3 })
  expect(await call(listAssets, { query: {} })).toEqual({ items: [], total: 3 })
  expect(fetched).toHaveBeenCalledWith('/api/assets', expect.objectContaining({ method: 'GET' }))
})

test('an answer without a body is no failure', async () => {
  answer(204, undefined)
  expect(await call(signOut, {})).toBeUndefined()
})

test('a refusal carries its code and every reason', async () => {
  answer(409, {
    type: 'urn:x',
    title: 'Not authorised',
    status: 409,
    code: 'technician-not-authorised',
    reasons: ['No authorization for this model.', 'It ended in June.'],
  })
  const refused = call(assignWorkOrder, { params: { id }, body: { technicianId: id } })
  await expect(refused).rejects.toMatchObject({
    status: 409,
    code: 'technician-not-authorised',
    reasons: ['No authorization for this model.', 'It ended in June.'],
  })
})

test('a refusal without a sentence gets none: the number of its status helps nobody', async () => {
  answer(401, { type: 'urn:x', title: 'Wrong password', status: 401, code: 'wrong-credentials' })
  await expect(call(signOut, {})).rejects.toMatchObject({ message: 'Wrong password', reasons: [] })
})

test.each([
  ['an answer that is no problem document', () => answer(502, 'bad gateway'), 502, 'unexpected'],
  ['an answer that breaks the contract', () => answer(200, { items: 'none' }), 0, 'unreadable'],
  [
    'a server that is not there',
    () => vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed'))),
    0,
    'unreachable',
  ],
])('%s is told with what to do', async (_case, prepare, status, code) => {
  prepare()
  const failure = await call(listAssets, { query: {} }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(CallFailed)
  expect(failure).toMatchObject({ status, code })
  expect((failure as CallFailed).message).toMatch(/\.$|\?$/)
})
