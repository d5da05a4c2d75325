// Takes the pictures of the README from a fresh run on the sample hospital: `node scripts/screenshots.ts`.
import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import {
  openBrowser,
  openPage,
  settled,
  signInFirst,
  whyNoBrowser,
} from '../e2e/support/browser.ts'
import { startServer } from '../e2e/support/server.ts'

const folder = path.resolve(import.meta.dirname, '../docs/images')
const MOST_BYTES = 300_000

if (whyNoBrowser) throw new Error(whyNoBrowser)
await mkdir(folder, { recursive: true })
const server = await startServer()
const browser = await openBrowser()
try {
  const { page } = await openPage(browser, server.address)
  await signInFirst(page, 'admin', server.oneTimePassword, 'a long sentence it is')
  await settled(page)
  await take('overview')
  await page.goto('/assets?type=infusion-pump&sort=-findings')
  await settled(page)
  await page.locator('#main [data-row]').first().click()
  await page.getByRole('table', { name: 'Evidence ledger' }).waitFor()
  await take('asset')
  await page.goto('/incidents')
  await settled(page)
  await page.locator('#main a.card').first().click()
  await page
    .getByRole('region', { name: /^Dossier/ })
    .first()
    .waitFor()
  await settled(page)
  await take('incident')

  async function take(name: string): Promise<void> {
    const file = path.join(folder, `${name}.png`)
    await page.mouse.move(0, 0)
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.screenshot({ path: file })
    const { size } = await stat(file)
    if (size > MOST_BYTES) throw new Error(`${name}.png has ${size} bytes, more than ${MOST_BYTES}`)
    console.log(`docs/images/${name}.png: ${Math.round(size / 1000)} kB`)
  }
} finally {
  await browser.close()
  await server.stop()
}
