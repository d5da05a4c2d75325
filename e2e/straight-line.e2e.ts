import path from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { settled, signIn, signInFirst, signOut, whyNoBrowser } from './support/browser.ts'
import { type RunningServer } from './support/server.ts'
import { useProgram } from './support/program.ts'

const root = path.resolve(import.meta.dirname, '..')
/** A day later: the attacker is gone, the pump announces the repaired software. */
const AFTER_SERVICE = path.join(root, 'captures/lab/after-service.pcapng')
const PASSWORD = 'a long sentence it is'

describe.skipIf(whyNoBrowser)(
  `the straight line${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`,
  { timeout: 60_000 },
  () => {
    let server: RunningServer
    let page: Page
    let complaints: string[]
    let orderPath: string
    let technician: string

    useProgram((opened) => {
      ;({ server, page, complaints } = opened)
    })

    test('a wrong password is refused, the one-time password has to be changed', async () => {
      await page.goto('/assets')
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      await page.getByLabel('User name').fill('admin')
      await page.locator('input[name=password]').fill('not the password')
      await page.getByRole('button', { name: 'Sign in' }).click()
      expect(await page.getByRole('alert').innerText()).toMatch(/password/i)
      await signInFirst(page, 'admin', server.oneTimePassword, PASSWORD)
    })

    test('a filter of the devices lives in the address', async () => {
      await page.goto('/assets')
      await settled(page)
      const all = await page.locator('tbody tr').count()
      await page.getByRole('checkbox', { name: /^Infusion pump/ }).check()
      await page.waitForURL(/type=infusion-pump/)
      await page.getByRole('button', { name: 'Last seen' }).click()
      await page.waitForURL(/sort=lastSeen/)
      const address = page.url()
      await page.goto('/')
      await page.goto(address)
      await settled(page)
      expect(await page.getByRole('checkbox', { name: /^Infusion pump/ }).isChecked()).toBe(true)
      expect(await page.locator('th[aria-sort=ascending]').innerText()).toMatch(/Last seen/)
      const pumps = await page.locator('tbody tr').count()
      expect(pumps).toBeGreaterThan(0)
      expect(pumps).toBeLessThan(all)
    })

    test('every claim of a device shows its evidence, down to frame and file', async () => {
      await page.locator('#main [data-row]').first().click()
      const ledger = page.getByRole('table', { name: 'Evidence ledger' })
      await ledger.waitFor()
      const model = ledger.getByRole('button', { name: 'Model', exact: true })
      if ((await model.getAttribute('aria-expanded')) !== 'true') await model.click()
      await ledger.getByText(/^Speaks for /).waitFor()
      expect(await ledger.innerText()).toMatch(/very sure|sure|likely|unsure|a guess/)
      expect(await ledger.innerText()).toMatch(/frame [\d,]+ of\s+hospital\.pcapng/)
    })

    test('the attack is one incident with dossier, expected and seen', async () => {
      await page.goto('/incidents')
      await settled(page)
      const card = page.locator('#main a.card').first()
      await card.waitFor()
      await card.click()
      await page
        .getByRole('region', { name: /^Dossier/ })
        .first()
        .waitFor()
      await page.getByText('Expected').first().waitFor()
      await page.getByText('Seen', { exact: true }).first().waitFor()
      await page.getByRole('button', { name: 'Acknowledge' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
      await page.getByRole('button', { name: 'Contained' }).waitFor()
      await page.getByRole('table', { name: 'Work orders' }).getByRole('link').first().click()
      await page.getByRole('heading', { name: /^Work order/ }).waitFor()
      orderPath = new URL(page.url()).pathname
      expect(orderPath).toMatch(/^\/work\//)
    })

    test('the wrong technician is refused, and the reasons are shown', async () => {
      const candidates = page.getByRole('table', { name: 'Who may do it' })
      await candidates.waitFor()
      const wrong = candidates.getByRole('row').filter({ hasText: 'Not authorised' }).first()
      const reason = await wrong.getByRole('listitem').first().innerText()
      expect(reason.length).toBeGreaterThan(10)
      await wrong.getByRole('button', { name: 'Assign' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: 'Assign' }).click()
      expect(await dialog.getByRole('alert').innerText()).toContain(reason)
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await page.reload()
      await candidates.waitFor()
      expect(await candidates.getByText('Has it').count()).toBe(0)
    })

    test('the right one gets it', async () => {
      const candidates = page.getByRole('table', { name: 'Who may do it' })
      const right = candidates.getByRole('row').filter({ hasText: 'Authorised for every' }).first()
      technician = await right.locator('b').first().innerText()
      await right.getByRole('button', { name: 'Assign' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click()
      await candidates.getByText('Has it').waitFor()
      expect(await candidates.getByRole('row').filter({ hasText: 'Has it' }).innerText()).toContain(
        technician,
      )
    })

    test('the technician starts the work and says it is done', async () => {
      const oneTime = await addTechnicianAccount()
      await signOut(page)
      await signInFirst(page, 'tech.one', oneTime, 'another long sentence')
      await page.goto('/work')
      await page.getByRole('link', { name: 'My work' }).click()
      await settled(page)
      await page.locator('#main [data-row]').first().click()
      await page.getByRole('button', { name: 'Start the work' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Start the work' }).click()
      await page.getByRole('button', { name: 'Say it is done' }).click()
      const dialog = page.getByRole('dialog')
      await dialog
        .getByLabel(/What did you do/)
        .fill('Took the laptop off the network, pump checked.')
      await dialog.getByRole('button', { name: 'Say it is done' }).click()
      await page.getByText('Waiting for what the sensors see next').waitFor()
      expect(await page.getByRole('button', { name: 'Close' }).count()).toBe(0)
      await signOut(page)
    })

    test('the next capture verifies it, and only then it is closed', async () => {
      await signIn(page, 'admin', PASSWORD)
      const watcher = await page.context().newPage()
      await watcher.goto('/assets')
      await settled(watcher)
      const before = await watcher.locator('tbody').innerText()
      await page.goto('/sensors')
      await settled(page)
      await page.locator('input[type=file]').setInputFiles(AFTER_SERVICE)
      await page.getByText(/arrived and is being read/).waitFor()
      // What changed is announced to whoever looks at a list; the list itself waits until it is asked.
      const show = watcher.getByRole('button', { name: /changed: show$/ })
      await show.waitFor()
      expect(await watcher.locator('tbody').innerText()).toBe(before)
      await show.click()
      await show.waitFor({ state: 'detached' })
      await watcher.close()
      await page.goto(orderPath)
      await page.getByText('Verified', { exact: true }).waitFor({ timeout: 30_000 })
      await page.getByRole('button', { name: 'Close' }).click()
      await page
        .getByRole('dialog')
        .getByRole('button', { name: 'Close', exact: true })
        .last()
        .click()
      await page.locator('.mark').getByText('Closed', { exact: true }).waitFor()
      expect(complaints).toEqual([])
    })

    async function addTechnicianAccount(): Promise<string> {
      await page.goto('/users')
      await page.getByRole('button', { name: 'Add a user' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(/^Name/).fill(technician)
      await dialog.getByLabel(/^User name/).fill('tech.one')
      await dialog.getByRole('checkbox', { name: /^Technician/ }).check()
      await dialog.getByRole('combobox', { name: /Which technician/ }).click()
      await page.getByRole('option', { name: technician }).click()
      await dialog.getByRole('button', { name: 'Add', exact: true }).click()
      const password = await dialog.getByLabel('One-time password').innerText()
      await dialog.getByRole('button', { name: 'Done' }).click()
      return password
    }
  },
)
