import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { openBrowser, openPage, signInFirst } from './browser.ts'
import { type RunningServer, startServer } from './server.ts'

const START_MS = 200_000

interface Opened {
  readonly server: RunningServer
  readonly browser: Browser
  readonly page: Page
  /** What the browser complained about so far. */
  readonly complaints: string[]
}

/** Runs the program and a browser at its first page around the tests of a file; `take` is given them before the first test. */
export function useProgram(take: (opened: Opened) => void): void {
  let server: RunningServer | undefined
  let browser: Browser | undefined
  beforeAll(async () => {
    server = await startServer()
    browser = await openBrowser()
    take({ server, browser, ...(await openPage(browser, server.address)) })
  }, START_MS)
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
}

/** The same, signed in as the first account, which may do everything. */
export function useSignedIn(take: (opened: Opened) => void): void {
  let opened: Opened | undefined
  useProgram((one) => take((opened = one)))
  beforeAll(async () => {
    if (opened === undefined) throw new Error('The program did not start')
    const { page, server } = opened
    await signInFirst(page, 'admin', server.oneTimePassword, 'a long sentence it is')
  }, START_MS)
}
