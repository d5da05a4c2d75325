import { randomInt } from 'node:crypto'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { AdvisoryDetail, FindingDetail, FindingView } from '@wardkeeper/contract'
import { settled, whyNoBrowser } from './support/browser.ts'
import { type RunningServer } from './support/server.ts'
import { useSignedIn } from './support/program.ts'

const CHOSEN = 10
/** `FINDINGS_SEED=123` repeats a choice. */
const seed = Number(process.env['FINDINGS_SEED'] ?? randomInt(1, 1_000_000))

const VERDICTS = {
  affected: 'Affected',
  'possibly-affected': 'Possibly affected',
  'not-affected': 'Not affected',
  disputed: 'Disputed',
  unknown: 'Not known',
} as const

/** Mulberry32: the same seed gives the same numbers everywhere. */
function numbersFrom(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function choose<Item>(items: readonly Item[], count: number, next: () => number): readonly Item[] {
  const left = [...items]
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [one] = left.splice(Math.floor(next() * left.length), 1)
    return one as Item
  })
}

describe.skipIf(whyNoBrowser)(
  `findings chosen at random${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`,
  { timeout: 240_000 },
  () => {
    let server: RunningServer
    let page: Page
    let complaints: string[]
    let all: readonly FindingView[]

    const get = async <T>(place: string): Promise<T> => {
      const answer = await page.request.get(place)
      expect(answer.status(), place).toBe(200)
      return (await answer.json()) as T
    }

    useSignedIn((opened) => {
      ;({ server, page, complaints } = opened)
    })
    beforeAll(async () => {
      all = (await get<{ items: FindingView[] }>('/api/findings?limit=200&sort=subject')).items
    })

    /** By what does not change from run to run, so that a seed means the same findings. */
    const sorted = () => {
      const nameOf = ({ subject, asset }: FindingView) => `${subject} ${asset}`
      return all.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
    }

    test(`ten of all are explained, seed ${seed}`, async () => {
      const chosen = choose(sorted(), CHOSEN, numbersFrom(seed))
      expect(chosen).toHaveLength(CHOSEN)
      process.stdout.write(`findings chosen at random: FINDINGS_SEED=${seed}\n`)
      for (const one of chosen) await checkFinding(one.id)
      expect(complaints).toEqual([])
    })

    test(`ten of advisories are explained from their own words, seed ${seed}`, async () => {
      const advisories = sorted().filter(({ kind }) => kind === 'advisory')
      const chosen = choose(advisories, CHOSEN, numbersFrom(seed))
      expect(chosen).toHaveLength(CHOSEN)
      for (const one of chosen) await checkFinding(one.id)
      expect(complaints).toEqual([])
    })

    async function checkFinding(id: string): Promise<void> {
      const finding = await get<FindingDetail>(`/api/findings/${id}`)
      const { asset, subject, verdict } = finding
      const name = `${subject} on ${asset}`
      process.stdout.write(`  ${name}: ${verdict}\n`)
      await page.goto(`/findings/${id}`)
      await settled(page)
      const main = page.locator('#main')
      await main.getByText(VERDICTS[verdict], { exact: true }).first().waitFor()
      expect(await main.innerText(), name).toContain(finding.because)
      if (finding.kind === 'advisory') await checkWords(finding, name)
      await checkFrames(finding, name)
    }

    /** The source's own words stand on the page, and its links lead to where they are from. */
    async function checkWords(finding: FindingDetail, name: string): Promise<void> {
      const words = page.getByRole('region', { name: "In the source's own words" })
      const [ground] = finding.grounds
      expect(ground, name).toBeDefined()
      const advisory = await get<AdvisoryDetail>(`/api/advisories/${finding.subject}`)
      const own = advisory.products.find(
        ({ pid, product }) => pid === ground?.pid && product === ground.product,
      )
      expect(own?.leaf?.length, `${name}: the advisory has words of its own`).toBeGreaterThan(5)
      expect(await words.locator('q').first().innerText(), name).toContain(own?.leaf)
      expect(await words.innerText(), name).toContain(ground?.range)

      const publisher = words.getByRole('link', { name: /^as published/ }).first()
      expect(await publisher.getAttribute('href'), name).toBe(advisory.link)
      expect(new URL(advisory.link ?? '').protocol, name).toBe('https:')

      // Where every version is affected none has to be known.
      if (ground?.version !== undefined) {
        expect(await words.locator('code').allInnerTexts(), name).toContain(ground.version)
      }
      if (finding.missing !== undefined) await page.getByText('What is missing').waitFor()

      await words
        .getByRole('link', { name: new RegExp(`^${finding.subject}`) })
        .first()
        .click()
      await page.waitForURL(/\/advisories\//)
      await settled(page)
      await page.getByRole('heading', { name: finding.subject }).waitFor()
      const products = page.getByRole('region', { name: 'Products as published' })
      expect(await products.innerText(), name).toContain(own?.leaf)
      const back = page.getByRole('region', { name: 'Devices and verdicts' })
      await back.locator(`a[href="/findings/${finding.id}"]`).waitFor()
      await page.goBack()
      await settled(page)
    }

    /** Each datum leads to the observation that gave it: capture, frame number and time. */
    async function checkFrames(finding: FindingDetail, name: string): Promise<void> {
      const main = page.locator('#main')
      if (finding.kind === 'advisory' && finding.grounds[0]?.version === undefined) {
        await main.getByText('no frame so far').first().waitFor()
        await main.getByRole('link', { name: 'Everything seen of this device' }).first().waitFor()
      }
      const datum = finding.grounds[0]?.version === undefined ? 'Model' : 'Version'
      const told =
        finding.kind === 'advisory'
          ? main.locator(`dt:text-is("${datum} told by") + dd`).first()
          : main.getByRole('region', { name: 'Evidence' })
      const link = told.getByRole('link', { name: /^frame [\d,]+ of / }).first()
      const frame = (await link.innerText()).replaceAll(/\s+/g, ' ')
      expect(frame, name).toMatch(/^frame [\d,]+ of \S+\.pcap/)
      await told.locator('time').first().waitFor()
      const at = new URL((await link.getAttribute('href')) ?? '', server.address)
      await link.click()
      await page.waitForURL(/tab=observations/)
      await settled(page)
      // The page before has rows with the same frame, and may still be there.
      const seen = page.getByRole('table', { name: 'Observations' })
      const row = seen.locator('tbody tr', { hasText: frame }).first()
      await row.waitFor()
      expect(await row.locator('time').count(), name).toBeGreaterThan(0)
      const value = at.searchParams.get('q') ?? ''
      expect(value, `${name}: what to look for`).not.toBe('')
      expect((await row.innerText()).toLowerCase(), name).toContain(value.toLowerCase())
      const version = finding.grounds[0]?.version
      const isAdvisory = finding.kind === 'advisory' && version !== undefined
      if (isAdvisory) expect(value.toLowerCase(), name).toContain(version.toLowerCase())
    }
  },
)
