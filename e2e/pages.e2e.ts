import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  THEMES,
  openPage,
  settled,
  showTheme,
  violationsOf,
  whyNoBrowser,
} from './support/browser.ts'
import { type RunningServer } from './support/server.ts'
import { useSignedIn } from './support/program.ts'

const PAGES = [
  '/',
  '/assets',
  '/assets?q=nothing-is-called-this',
  '/findings',
  '/findings?view=device',
  '/findings?view=device&kind=weakness',
  '/advisories/ICSMA-20-254-01',
  '/advisories/NO-SUCH-ADVISORY',
  '/dossier',
  '/dossier?maker=Philips&model=IntelliVue%20MX450',
  '/risk',
  '/risk?view=actions',
  '/risk?view=what-if&reach=internet',
  '/risk?view=controls',
  '/risk?view=method',
  '/detections',
  '/incidents',
  '/incidents?view=list',
  '/work',
  '/work?view=list',
  '/technicians',
  '/map',
  '/map?view=network',
  '/decisions',
  '/rules',
  '/rules?kind=ownership',
  '/rules?kind=sources',
  '/rules?kind=protected',
  '/rules?kind=maintenance',
  '/sensors',
  '/imports',
  '/reconcile',
  '/feeds',
  '/recalls',
  '/recalls?matched=all',
  '/patches',
  '/makers',
  '/users',
  '/audit',
  '/about',
  '/no-such-page',
] as const

const TABS = [
  'identity',
  'communications',
  'exposure',
  'risk',
  'work',
  'use',
  'network',
  'documents',
  'history',
  'observations',
] as const

/** Two themes under axe take a while on a busy machine. */
const timeout = 60_000

describe.skipIf(whyNoBrowser)(
  `every page${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`,
  { timeout },
  () => {
    let server: RunningServer
    let browser: Browser
    let page: Page
    let complaints: string[]
    let pictures: string

    useSignedIn((opened) => {
      ;({ server, browser, page, complaints } = opened)
    })
    beforeAll(async () => {
      pictures = await mkdtemp(path.join(tmpdir(), 'wardkeeper-pages-'))
    })

    /** Takes a picture in both themes; answers with everything that is wrong with the page. */
    async function look(place: string): Promise<string[]> {
      await settled(page)
      const found = await violationsOf(page)
      const name = place.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'overview'
      for (const theme of THEMES) {
        await showTheme(page, theme)
        await page.waitForTimeout(200)
        await page.screenshot({ path: path.join(pictures, `${name}-${theme}.png`) })
      }
      return [...found, ...complaints]
    }

    test('the sign-in page', async () => {
      const door = await openPage(browser, server.address)
      await door.page.goto('/')
      await door.page.getByRole('heading', { name: 'Sign in' }).waitFor()
      expect(await violationsOf(door.page)).toEqual([])
      expect(door.complaints).toEqual([])
      await door.close()
    })

    test.each(PAGES)('%s has no accessibility violation in either theme', async (place) => {
      await page.goto(place)
      expect(await look(place)).toEqual([])
      expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(50)
    })

    test.each(TABS)('a device, %s', async (tab) => {
      await page.goto('/assets?q=pump')
      await settled(page)
      await page.locator('#main [data-row]').first().click()
      await page.getByRole('tab', { name: 'Identity' }).waitFor()
      await page.goto(`${new URL(page.url()).pathname}?tab=${tab}`)
      await page.getByRole('tab', { selected: true }).waitFor()
      expect(await look(`asset-${tab}`)).toEqual([])
    })

    test.each([
      ['/findings?view=device&kind=advisory', 'finding-advisory'],
      ['/findings?view=device&kind=advisory&verdict=possibly-affected', 'finding-possible'],
      ['/findings?view=device&kind=weakness', 'finding-weakness'],
      ['/incidents?view=list', 'incident'],
      ['/work?view=list', 'work-order'],
    ])('the first of %s', async (list, name) => {
      await page.goto(list)
      await settled(page)
      await page.locator('#main [data-row]').first().click()
      await page.waitForURL((url) => !url.search.includes('view='))
      expect(await look(name)).toEqual([])
    })

    test('the first screen stays under 250 kB of script, compressed', async () => {
      await page.goto('/')
      await settled(page)
      const scripts = await page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .map(({ name }) => name)
          .filter((name) => name.endsWith('.js')),
      )
      const sizes = await Promise.all(
        scripts.map(async (name) => {
          const answer = await fetch(name)
          return gzipSync(new Uint8Array(await answer.arrayBuffer())).length
        }),
      )
      const total = sizes.reduce((sum, size) => sum + size, 0)
      process.stdout.write(`first screen: ${Math.round(total / 1000)} kB of script, compressed\n`)
      expect(sizes.length).toBeGreaterThan(0)
      expect(total).toBeLessThan(250_000)
    })

    test('nothing moves for a person who asked for less motion', async () => {
      await page.goto('/rules?kind=sources')
      await settled(page)
      await page.getByRole('radiogroup').first().waitFor()
      const moving = await page.evaluate(() =>
        [...document.querySelectorAll('body *')]
          .filter((element) =>
            getComputedStyle(element)
              .transitionDuration.split(', ')
              .some((time) => time !== '0s'),
          )
          .map(({ className }) => className),
      )
      expect(moving).toEqual([])
    })

    test('keys: search, pages, rows, help', async () => {
      await page.goto('/')
      await settled(page)
      await page.keyboard.press('/')
      const search = page.getByRole('combobox', { name: /^Search devices/ })
      await search.waitFor()
      await search.fill('alaris')
      await page.getByRole('option').first().getByText('Alaris').waitFor()
      expect(await violationsOf(page)).toEqual([])
      await page.keyboard.press('Enter')
      await page.getByRole('tab', { name: 'Identity' }).waitFor()

      await page.keyboard.press('g')
      await page.keyboard.press('a')
      await page.getByRole('heading', { name: 'Assets' }).waitFor()
      await settled(page)
      await page.keyboard.press('j')
      await page.keyboard.press('j')
      await page.keyboard.press('k')
      const first = page.locator('#main [data-row]').first()
      expect(await first.evaluate((row) => row === document.activeElement)).toBe(true)
      const outline = await first.evaluate((row) => getComputedStyle(row).outlineStyle)
      expect(outline).toBe('solid')
      await page.keyboard.press('Enter')
      await page.getByRole('tab', { name: 'Identity' }).waitFor()

      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).waitFor()
      expect(await violationsOf(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+k')
      await search.waitFor()
      await page.keyboard.press('Escape')
      expect(complaints).toEqual([])
    })
  },
)
