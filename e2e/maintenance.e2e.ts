import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { settled, violationsOf, whyNoBrowser } from './support/browser.ts'
import { useSignedIn } from './support/program.ts'

/** The clock looks once a minute. */
const CLOCK_MS = 90_000

describe.skipIf(whyNoBrowser)(
  `maintenance that is due becomes work${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`,
  { timeout: 240_000 },
  () => {
    let page: Page
    let complaints: string[]
    let device = ''

    useSignedIn((opened) => {
      ;({ page, complaints } = opened)
    })

    async function openDossier(): Promise<void> {
      await page.goto(`${device}?tab=documents`)
      await settled(page)
    }

    test('a schedule that is due today becomes an order, seen in the dossier and on its page', async () => {
      await page.goto('/assets?type=infusion-pump')
      await settled(page)
      const first = page.locator('#main [data-row]').first()
      device = (await first.getAttribute('href'))?.split('?')[0] ?? ''
      await openDossier()
      await page.getByRole('button', { name: 'Add a schedule' }).press('Enter')
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('What is done').fill('Flow check')
      await dialog.getByLabel('First due').fill(new Date().toISOString().slice(0, 10))
      await dialog.getByRole('button', { name: 'Add a schedule' }).press('Enter')
      await dialog.waitFor({ state: 'detached' })

      const link = page.getByRole('link', { name: /^Work order \d+/ })
      const until = Date.now() + CLOCK_MS
      do {
        await page.waitForTimeout(2000)
        await openDossier()
      } while ((await link.count()) === 0 && Date.now() < until)
      expect(await violationsOf(page)).toEqual([])
      await link.press('Enter')
      const lines = page.getByRole('table', { name: 'Maintenance of this order' })
      await lines.getByText('To be done').waitFor()
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('Flow check on')
      expect(await violationsOf(page)).toEqual([])
    })

    test('the order closes when the maintenance is written down', async () => {
      const order = page.url()
      await page
        .getByRole('table', { name: 'Maintenance of this order' })
        .getByRole('link')
        .press('Enter')
      await page.getByRole('button', { name: 'Add maintenance' }).press('Enter')
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('By').fill('Jo Diaz')
      await dialog.getByLabel('What was done').fill('Flow within 2 %')
      await dialog.getByRole('combobox', { name: 'Of which schedule' }).press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await dialog.getByRole('button', { name: 'Add maintenance' }).press('Enter')
      await dialog.waitFor({ state: 'detached' })
      await page.goto(order)
      await page.getByText('Written down', { exact: true }).waitFor()
      await page
        .getByText(/Maintenance is written down for 1 device/)
        .first()
        .waitFor()
      expect(await violationsOf(page)).toEqual([])
    })

    test('what another day would open is tried before it is put into force', async () => {
      await page.goto('/rules?kind=maintenance')
      await settled(page)
      await page.getByLabel('Days before it is due').fill('7')
      expect(await page.getByRole('button', { name: 'Put into force' }).count()).toBe(0)
      await page.getByRole('button', { name: 'Try on the inventory' }).press('Enter')
      await page.getByRole('heading', { name: /would be opened/ }).waitFor()
      await page.getByRole('button', { name: 'Put into force' }).press('Enter')
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Why?').fill('A week is enough here')
      expect(await violationsOf(page)).toEqual([])
      await dialog.getByRole('button', { name: 'Put into force' }).press('Enter')
      await page.getByText(/A week is enough here/).waitFor()
      expect(await page.getByLabel('Days before it is due').inputValue()).toBe('7')
      expect(complaints).toEqual([])
    })
  },
)
