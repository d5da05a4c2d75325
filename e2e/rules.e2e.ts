import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { settled, violationsOf, whyNoBrowser } from './support/browser.ts'
import { useSignedIn } from './support/program.ts'

describe.skipIf(whyNoBrowser)(
  `what the hospital orders for its inventory${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`,
  { timeout: 120_000 },
  () => {
    let page: Page
    let complaints: string[]

    useSignedIn((opened) => {
      ;({ page, complaints } = opened)
    })

    /** Answers a dialog with a reason, by keyboard. */
    async function confirm(verb: string, why: string): Promise<void> {
      const dialog = page.getByRole('dialog')
      await dialog.waitFor()
      expect(await violationsOf(page)).toEqual([])
      await dialog.getByLabel('Why?').fill(why)
      await dialog.getByRole('button', { name: verb, exact: true }).press('Enter')
      await dialog.waitFor({ state: 'detached' })
      await settled(page)
    }

    test('another order of sources is tried, put into force, and shown as the own one', async () => {
      await page.goto('/rules?kind=sources')
      await settled(page)
      await page.getByRole('button', { name: 'Firmware' }).press('Enter')
      const order = page.getByRole('list', { name: 'Order of sources' })
      expect(await order.getByRole('listitem').allInnerTexts()).toEqual([
        'locked by a person',
        'accepted by a person',
        'observed on the network',
        'declared by a record',
      ])
      // Nothing stands over a lock.
      expect(await page.getByRole('button', { name: 'Accepted stronger' }).isDisabled()).toBe(true)
      await page.getByRole('button', { name: 'Declared stronger' }).press('Enter')
      expect(await page.getByRole('button', { name: 'Put into force' }).count()).toBe(0)
      await page.getByRole('button', { name: 'Try on the inventory' }).press('Enter')
      await page.getByRole('heading', { name: /would show another value/ }).waitFor()
      expect(await violationsOf(page)).toEqual([])
      await page.getByRole('button', { name: 'Put into force' }).press('Enter')
      await confirm('Put into force', 'Our records are checked each week')
      const row = page.getByRole('row', { name: /^Firmware/ })
      await row.getByText('this site').waitFor()
      expect(await row.innerText()).toContain('locked, accepted, declared, observed')
      expect(complaints).toEqual([])
    })

    test('a rule asks for a date, and is tried before it is in force', async () => {
      await page.goto('/rules?kind=ownership')
      await settled(page)
      await page.getByRole('button', { name: 'Add a rule in front' }).press('Enter')
      const rule = page.getByRole('listitem', { name: 'Rule 1', exact: true })
      await rule.getByRole('combobox', { name: 'Property' }).press('ArrowDown')
      await page.getByRole('option', { name: 'Warranty ends' }).click()
      await rule.getByLabel('Days').fill('30')
      await rule.getByLabel('Accountable').fill('Purchasing')
      await page.getByRole('button', { name: 'Try on the inventory' }).press('Enter')
      await page.getByRole('heading', { name: /would change/ }).waitFor()
      expect(await violationsOf(page)).toEqual([])
      await page.getByRole('button', { name: 'Put into force' }).press('Enter')
      await confirm('Put into force', 'Replaced within a month')
      await page.getByText(/Replaced within a month/).waitFor()
      expect(await rule.getByLabel('Days').inputValue()).toBe('30')
      expect(complaints).toEqual([])
    })

    test('a field stays protected until a second person agrees, and the wish is seen', async () => {
      await page.goto('/rules?kind=protected')
      await settled(page)
      const row = page.getByRole('row', { name: /^State/ })
      await row.getByText('by two people').waitFor()
      await row.getByRole('button', { name: 'Ask to set free' }).press('Enter')
      await confirm('Ask to set free', 'One person works at night')
      await row.getByText(/You want it changed at once.*One person works at night/).waitFor()
      await row.getByText('by two people').waitFor()
      expect(await row.getByRole('button', { name: 'Agree' }).count()).toBe(0)
      await row.getByRole('button', { name: 'Keep protected' }).press('Enter')
      await confirm('Keep protected', 'Two work at night now')
      await row.getByText('nothing').waitFor()
      expect(complaints).toEqual([])
    })
  },
)
