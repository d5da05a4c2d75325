import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { settled, violationsOf, whyNoBrowser } from './support/browser.ts'
import { useSignedIn } from './support/program.ts'

const reason = 'Read off the label at the device'

describe.skipIf(whyNoBrowser)(
  `what a device is, decided by hand${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`,
  { timeout: 300_000 },
  () => {
    let page: Page
    let complaints: string[]

    useSignedIn((opened) => {
      ;({ page, complaints } = opened)
    })

    /** Opens a dialog with a key, writes the reason, and sends it with the keyboard alone. */
    async function sayWhy(button: string, verb: string, why: string): Promise<void> {
      await page.getByRole('button', { name: button, exact: true }).focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: button })
      await dialog.waitFor()
      expect(await violationsOf(page)).toEqual([])
      const send = dialog.getByRole('button', { name: verb, exact: true })
      // No decision without a reason.
      expect(await send.isDisabled()).toBe(true)
      await dialog.getByLabel('How do you know?').fill(why)
      await send.focus()
      await page.keyboard.press('Enter')
      await dialog.waitFor({ state: 'detached' })
      await settled(page)
    }

    test('a value is disputed, the dispute withdrawn, another one locked and unlocked', async () => {
      await page.goto('/assets?q=pump')
      await settled(page)
      await page.locator('#main [data-row]').first().click()
      await page.getByRole('tab', { name: 'Identity' }).waitFor()
      await settled(page)
      const model = page.getByRole('button', { name: 'Model', exact: true })
      if ((await model.getAttribute('aria-expanded')) === 'false') await model.press('Enter')

      await sayWhy('Dispute the model', 'Dispute', reason)
      await page.getByRole('button', { name: 'Withdraw the dispute of the model' }).waitFor()
      await sayWhy('Withdraw the dispute of the model', 'Withdraw the dispute', 'Wrong device')

      await page.getByRole('button', { name: 'Lock the model', exact: true }).press('Enter')
      const dialog = page.getByRole('dialog', { name: 'Lock the model' })
      await dialog.getByLabel('Model').fill('Flow 2')
      await dialog.getByLabel('How do you know?').fill(reason)
      expect(await violationsOf(page)).toEqual([])
      await dialog.getByLabel('Model').press('Enter')
      await dialog.waitFor({ state: 'detached' })
      const ledger = page.getByRole('table', { name: 'Evidence ledger' })
      await ledger.locator('b', { hasText: 'Flow 2' }).waitFor()
      await ledger.getByText('locked', { exact: true }).first().waitFor()
      expect(await violationsOf(page)).toEqual([])
      const folder = await mkdtemp(path.join(tmpdir(), 'wardkeeper-identity-'))
      await page.screenshot({ path: path.join(folder, 'locked.png'), fullPage: true })
      process.stdout.write(`picture: ${folder}/locked.png\n`)

      await sayWhy('Unlock the model', 'Unlock', 'It was exchanged')
      await ledger.locator('b', { hasText: 'Flow 2' }).waitFor({ state: 'detached' })
      const decided = page.getByRole('table', { name: 'Decisions about what it is' })
      await decided.getByText('It was exchanged').waitFor()
      expect(await decided.locator('tbody tr').count()).toBe(2)
      expect(complaints).toEqual([])
    })

    test('what changes while an older answer is on its way is shown, too', async () => {
      const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
      const declare = (room: string) =>
        page.evaluate(
          async ([asset, text]) => {
            const body = JSON.stringify({ room: text, reason: 'Walked there' })
            const headers = { 'content-type': 'application/json' }
            const answer = await fetch(`/api/assets/${asset}`, { method: 'PATCH', headers, body })
            return answer.status
          },
          [id, room] as const,
        )
      const held = Promise.withResolvers<void>()
      const mayAnswer = Promise.withResolvers<void>()
      let count = 0
      await page.route(`**/api/assets/${id}`, async (asking) => {
        if (asking.request().method() !== 'GET' || count++ > 0) return await asking.continue()
        const older = await asking.fetch()
        held.resolve()
        await mayAnswer.promise
        await asking.fulfill({ response: older })
      })
      const told = page.waitForResponse(
        (answer) =>
          answer.url().endsWith(`/api/assets/${id}`) && answer.request().method() === 'GET',
      )
      expect(await declare('Room 1')).toBe(200)
      await held.promise
      expect(await declare('Room 2')).toBe(200)
      // Longer than changes are gathered before they are told.
      await new Promise((resolve) => setTimeout(resolve, 2500))
      mayAnswer.resolve()
      await told
      await page.getByText('Room 2').first().waitFor()
      expect(complaints).toEqual([])
    })
  },
)
