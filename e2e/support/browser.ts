import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type Page, chromium } from 'playwright-core'

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** Why the browser tests cannot run here; undefined when they can. */
export const whyNoBrowser = existsSync(CHROMIUM)
  ? undefined
  : `no browser at ${CHROMIUM}: install the Debian package chromium`

if (whyNoBrowser) process.stdout.write(`browser tests skipped: ${whyNoBrowser}\n`)

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
}

export const THEMES = ['light', 'dark'] as const

/** A page that remembers everything the browser complained about, a policy that blocked a script included. */
export async function openPage(browser: Browser, address: string) {
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // A refusal by the server is an answer, which the browser logs as an error too.
    const isRefusal = /status of 4\d\d/.test(message.text())
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text())
  })
  return { page, complaints, close: () => context.close() }
}

/** Signs in for the first time: the one-time password is changed at once. */
export async function signInFirst(page: Page, username: string, oneTime: string, password: string) {
  await page.goto('/sign-in')
  await page.getByLabel('User name').fill(username)
  await page.locator('input[name=password]').fill(oneTime)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Choose your own password' }).waitFor()
  await page.getByLabel('One-time password').fill(oneTime)
  await page.getByLabel(/^New password( \*)?$/).fill(password)
  await page.getByLabel(/^New password again/).fill(password)
  await page.getByRole('button', { name: 'Set password and begin' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
}

export async function signIn(page: Page, username: string, password: string) {
  await page.goto('/sign-in')
  await page.getByLabel('User name').fill(username)
  await page.locator('input[name=password]').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
}

export async function signOut(page: Page) {
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

/** Waits until no panel is loading any more. */
export async function settled(page: Page) {
  await page.waitForLoadState('load')
  await page.waitForFunction(
    () =>
      document.querySelector('h1') !== null &&
      document.querySelector('[aria-label="Loading"], .stale') === null,
  )
}

export async function showTheme(page: Page, theme: (typeof THEMES)[number]) {
  await page.evaluate(
    (name) => document.documentElement.setAttribute('data-mantine-color-scheme', name),
    theme,
  )
}

/** Accessibility violations in both themes: theme, rule and the first elements. */
export async function violationsOf(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const theme of THEMES) {
    await showTheme(page, theme)
    const { violations } = await new AxeBuilder({ page })
      .options({ resultTypes: ['violations'] })
      .analyze()
    for (const { id, nodes } of violations) {
      const elements = nodes.slice(0, 3).map((node) => node.html.slice(0, 160))
      found.push(`${theme}: ${id}: ${elements.join(' | ')}`)
    }
  }
  return found
}
