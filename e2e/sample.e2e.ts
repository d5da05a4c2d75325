import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AssetDetail, AssetRow, DetectionView, FindingView } from '@wardkeeper/contract'
import { makeDataFolder, type RunningServer, startServer } from './support/server.ts'

const ROOT = resolve(import.meta.dirname, '..')
const MAIN = resolve(ROOT, 'packages/server/src/main.mjs')

interface Truth {
  readonly mac: string
  readonly ips: readonly string[]
  readonly name: string
  readonly manufacturer: string
  readonly type: string
  readonly says: readonly string[]
  readonly advisories: readonly { readonly id: string; readonly verdict: string }[]
}

const TRUTH = readTruth(readFileSync(resolve(ROOT, 'captures/lab/truth.tsv'), 'utf8'))
const ATTACK = JSON.parse(readFileSync(resolve(ROOT, 'captures/lab/attack.json'), 'utf8')) as {
  readonly attacker: { readonly mac: string; readonly ip: string }
}

function readTruth(text: string): Truth[] {
  const [head, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
  return rows.map((cells) => {
    const cell = (name: string) => cells[head!.indexOf(name)] ?? ''
    const list = (name: string) =>
      cell(name)
        .split(',')
        .filter((item) => item !== '')
    return {
      mac: cell('mac'),
      ips: list('ips'),
      name: cell('name'),
      manufacturer: cell('manufacturer'),
      type: cell('type'),
      says: list('says'),
      advisories: list('advisories').map((item) => {
        const [id = '', verdict = ''] = item.split(' ')
        return { id, verdict }
      }),
    }
  })
}

describe('the sample hospital', () => {
  let summary: Record<string, number>
  let server: RunningServer
  let cookie: string
  let assets: readonly AssetRow[]

  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${server.address}${path}`, { headers: { cookie } })
    expect(answer.status, path).toBe(200)
    return (await answer.json()) as T
  }

  const post = (path: string, body: unknown, withCookie = '') =>
    fetch(`${server.address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.address, cookie: withCookie },
      body: JSON.stringify(body),
    })

  beforeAll(async () => {
    const data = await makeDataFolder()
    const once = spawnSync(
      process.execPath,
      [MAIN, 'start', '--once', '--json', '--data', data, '--port', '0'],
      { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    )
    expect(once.status, once.stderr).toBe(0)
    summary = JSON.parse(once.stdout) as Record<string, number>
    server = await startServer(data)
    const signedIn = await post('/api/session', {
      username: 'admin',
      password: server.oneTimePassword,
    })
    cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!
    const changed = await post(
      '/api/session/password',
      { current: server.oneTimePassword, next: 'a password for the sample' },
      cookie,
    )
    expect(changed.status).toBe(200)
    cookie = changed.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    assets = (await get<{ items: AssetRow[] }>('/api/assets?limit=200')).items
  }, 180_000)
  afterAll(() => server?.stop())

  const assetOf = ({ mac, ips }: Truth): AssetRow[] =>
    assets.filter((asset) =>
      mac === '' ? ips.some((ip) => asset.ips.includes(ip)) : asset.macs.includes(mac),
    )

  test('comes out of one command as one line of JSON', () => {
    expect(summary).toMatchObject({ assets: TRUTH.length, incidents: 1, workOrders: 1 })
    for (const count of ['observations', 'flows', 'findings', 'detections', 'identified']) {
      expect(summary[count], count).toBeGreaterThan(0)
    }
    expect(Object.keys(summary)).toEqual(expect.arrayContaining(['seconds', 'frames']))
  })

  test.each(TRUTH)('$name is there once, as what it is', (truth) => {
    const found = assetOf(truth)
    expect(found.map(({ label }) => label)).toHaveLength(1)
    // Only what its traffic or its address gives away can be known.
    if (truth.says.includes('manufacturer')) {
      expect(found[0]!.manufacturer?.value).toBe(truth.manufacturer)
    }
    if (truth.says.includes('type')) expect(found[0]!.type?.value).toBe(truth.type)
  })

  test.each(
    TRUTH.flatMap((truth) =>
      truth.advisories.map((advisory) => ({ truth, ...advisory, name: truth.name })),
    ),
  )('$id on $name: $verdict', async ({ truth, id, verdict }) => {
    const [asset] = assetOf(truth)
    const { items } = await get<{ items: FindingView[] }>(
      `/api/findings?assetId=${asset!.id}&subject=${id}`,
    )
    const open = items.filter(({ state }) => state === 'open')
    // What is not affected is no finding, and must not be one by mistake either.
    if (verdict === 'not-affected') expect(open).toEqual([])
    else expect(open).toMatchObject([{ verdict }])
  })

  test('the attack is one incident of the right attacker, with one work order', async () => {
    const { items } = await get<{ items: { id: string; actor?: { id: string } }[] }>(
      '/api/incidents',
    )
    expect(items).toHaveLength(1)
    const attacker = await get<AssetDetail>(`/api/assets/${items[0]!.actor?.id}`)
    expect(attacker.macs).toContain(ATTACK.attacker.mac)
    const { timeline } = await get<{ timeline: DetectionView[] }>(`/api/incidents/${items[0]!.id}`)
    expect(timeline.map(({ actor }) => actor?.id)).toEqual(timeline.map(() => attacker.id))
    const orders = await get<{ items: unknown[] }>(`/api/work-orders?incidentId=${items[0]!.id}`)
    expect(orders.items).toHaveLength(1)
  })

  test('nothing but the attacker raised a detection', async () => {
    const { items } = await get<{ items: DetectionView[] }>('/api/detections?limit=200')
    const attacker = assets.find(({ macs }) => macs.includes(ATTACK.attacker.mac))
    const others = items.filter(({ actor }) => actor?.id !== attacker?.id)
    expect(others.map(({ seen }) => seen)).toEqual([])
  })

  test('no invented patient reaches what people see', async () => {
    const patients = readFileSync(resolve(ROOT, 'captures/lab/planted-patients.txt'), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    expect(patients.length).toBeGreaterThan(0)
    const shown = JSON.stringify([
      await Promise.all(assets.map(({ id }) => get(`/api/assets/${id}`))),
      await Promise.all(assets.map(({ id }) => get(`/api/assets/${id}/observations?limit=200`))),
      await get('/api/findings?limit=200'),
      await get('/api/detections?limit=200'),
    ])
    for (const patient of patients) expect(shown.includes(patient), patient).toBe(false)
  })
})
