import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { THEMES, settled, showTheme, violationsOf, whyNoBrowser } from './support/browser.ts'
import { useSignedIn } from './support/program.ts'

const RECALLS = {
  meta: { last_updated: '2026-11-20' },
  results: [
    {
      recall_number: 'Z-0042-2026',
      event_id: '90042',
      classification: 'Class I',
      status: 'Ongoing',
      recalling_firm: 'Example Medical, Inc.',
      product_description: 'Example Pump, Model 300',
      reason_for_recall: 'The pump may stop when software below 2.0 is installed.',
      recall_initiation_date: '20261101',
    },
  ],
}

const PATCHES = `Manufacturer,Model,From version,To version,CVEs,Validated,Reference,Minutes
Example,Pump 300,< 2.0,2.0,CVE-2026-0001,2026-11-01,EX-2026-1,45
Example,Pump 310,< 2.1,2.1,CVE-2026-0001,pending,EX-2026-2,
Example,,,,,,EX-2026-3,
`

const FORM = `DOC-1,Manufacturer Name,Example
DOC-3,Device Model,Pump 300
MPII-1,Can this device store personal data?,Yes
TXCF-2,Is data encrypted before it is sent?,Yes
RMOT-1,Is remote service possible?,No
CONN-4,Does it talk to external systems?,____
`

describe.skipIf(whyNoBrowser)(
  `knowledge from outside${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`,
  { timeout: 90_000 },
  () => {
    let page: Page
    let complaints: string[]
    let folder: string

    useSignedIn((opened) => {
      ;({ page, complaints } = opened)
    })
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'wardkeeper-feeds-'))
    })

    const fileOf = async (name: string, text: string) => {
      const file = path.join(folder, name)
      await writeFile(file, text)
      return file
    }

    /** Everything wrong with the page, after a picture in both themes. */
    async function look(name: string): Promise<string[]> {
      await settled(page)
      const found = await violationsOf(page)
      for (const theme of THEMES) {
        await showTheme(page, theme)
        await page.screenshot({ path: path.join(folder, `${name}-${theme}.png`), fullPage: true })
      }
      await showTheme(page, 'light')
      return [...found, ...complaints]
    }

    test('a feed never loaded says so; a web page in place of data is refused on screen', async () => {
      await page.goto('/feeds')
      await settled(page)
      expect(await page.getByText('Never loaded').count()).toBeGreaterThan(5)
      await page.getByRole('button', { name: 'Settings: FDA device recalls' }).click()
      const dialog = page.getByRole('dialog')
      await dialog
        .getByLabel('Load a file')
        .setInputFiles(await fileOf('r.json', '<html>Sign in</html>'))
      await dialog.getByText('This is a web page, not data', { exact: false }).first().waitFor()
      await dialog
        .getByLabel('Load a file')
        .setInputFiles(await fileOf('r.json', JSON.stringify(RECALLS)))
      await dialog.getByText('r.json was loaded.').waitFor()
      expect(await look('feed-settings')).toEqual([])
      await page.keyboard.press('Escape')
      await page
        .getByRole('row', { name: /FDA device recalls/ })
        .getByText('1 advisories')
        .waitFor()
    })

    test('a spoilt bundle is refused with what to do next', async () => {
      await page.goto('/feeds')
      await page
        .getByLabel('Import a bundle')
        .last()
        .setInputFiles(await fileOf('x.wkb', 'WKB1 nonsense'))
      await page
        .getByText(/No public key is trusted|cut short/)
        .first()
        .waitFor()
      expect(await look('feeds')).toEqual([])
    })

    test('the recall desk finds the recall', async () => {
      await page.goto('/recalls?matched=all&q=z-0042')
      await page.getByText('Z-0042-2026').waitFor()
      expect(await look('recalls')).toEqual([])
    })

    test('a list of patches becomes the register; the bad row waits in quarantine', async () => {
      await page.goto('/patches')
      await page
        .getByLabel('Hand in patches (CSV)')
        .last()
        .setInputFiles(await fileOf('example.csv', PATCHES))
      await page.getByText('example.csv: 2 rows taken, 1 set aside.').waitFor()
      await page.getByRole('cell', { name: /EX-2026-1/ }).waitFor()
      expect(await look('patches')).toEqual([])
      await page.goto('/feeds')
      await page
        .getByRole('row', { name: /row 4/ })
        .getByText('maker and model are needed')
        .waitFor()
      expect(await look('quarantine')).toEqual([])
    })

    test('a form is shown before it is kept, and an advisory can be typed in', async () => {
      await page.goto('/makers')
      await page
        .getByLabel('MDS2 form')
        .last()
        .setInputFiles(await fileOf('form.csv', FORM))
      await page.getByRole('cell', { name: 'RMOT-1' }).waitFor()
      expect(await look('mds2-preview')).toEqual([])
      await page.getByRole('button', { name: 'Keep it' }).click()
      await page.getByRole('row', { name: /Example Pump 300/ }).waitFor()
      await page.getByLabel('Id of the maker').fill('EX-2026-9')
      await page.getByLabel('Published by').fill('Example')
      await page.getByLabel('Address of the page').fill('https://example.com/9')
      await page.getByLabel('Published on').fill('2026-11-02')
      await page.getByLabel('Products').fill('Example; Pump 300; < 2.0')
      await page.getByRole('button', { name: 'Enter the advisory' }).click()
      await page.getByText('EX-2026-9 was entered.').waitFor()
      expect(await look('makers')).toEqual([])
    })
  },
)
