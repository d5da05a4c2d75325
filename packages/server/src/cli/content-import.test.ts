import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadContent } from '../content/load.ts'
import { run } from './program.ts'

const CONTENT = path.resolve(import.meta.dirname, '../../../../content')
const RECOG = path.resolve(import.meta.dirname, '../../../../../shared/intel/recog/xml')

let said = ''
beforeEach(() => {
  said = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said += String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += String(text)), true))
})
afterEach(() => void vi.restoreAllMocks())

const folder = () => mkdtempSync(path.join(tmpdir(), 'import-'))
const BANNER = `<fingerprints><fingerprint pattern="^Zorg (\\w+) console"><example>Zorg 9 console</example>
  <param pos="0" name="hw.vendor" value="Philips"/><param pos="1" name="hw.product"/></fingerprint></fingerprints>`

describe('content import', () => {
  test('what is taken over is known from the next start on, behind our own', async () => {
    const [from, data] = [folder(), folder()]
    writeFileSync(path.join(from, 'telnet_banners.xml'), BANNER)
    expect(await run(['content', 'import', 'recog', from, '--data', data])).toBe(0)
    expect(said).toMatch(/1 fingerprint read, 1 taken over, 0 left out/)
    const match = async (imported?: string) => {
      const { knowledge } = await loadContent(CONTENT, imported)
      return knowledge.fingerprints.match('telnet.banner', 'Zorg 9 console')
    }
    expect(await match()).toEqual([])
    expect((await match(path.join(data, 'content')))[0]?.assertions).toMatchObject([
      { attribute: 'manufacturer', value: 'Philips' },
      { attribute: 'model', value: '9' },
    ])
  })

  test('a dry run writes nothing and says the same', async () => {
    const [from, data] = [folder(), folder()]
    writeFileSync(path.join(from, 'telnet_banners.xml'), BANNER)
    expect(await run(['content', 'import', 'recog', from, '-d', data, '-n', '--json'])).toBe(0)
    expect(JSON.parse(said)).toEqual({ read: 1, accepted: 1, rejected: 0, isWritten: false })
    expect(readdirSync(data)).toEqual([])
  })

  test.each([
    ['a path that is not there', ['recog', '/nowhere'], 3, /no such file or folder/],
    ['a format that we do not read', ['nmap', '.'], 2, /Allowed choices are recog/],
    ['a folder without such files', ['p0f', CONTENT], 3, /no file in it has the ending/],
  ])('%s is refused', async (_what, args, code, message) => {
    expect(await run(['content', 'import', ...args])).toBe(code)
    expect(said).toMatch(message)
  })

  test('a file of something else is told apart from success', async () => {
    const file = path.join(folder(), 'x.fp')
    writeFileSync(file, 'hello')
    expect(await run(['content', 'import', 'p0f', file, '-d', folder()])).toBe(1)
    expect(said).toMatch(/Nothing was taken over/)
  })

  if (!existsSync(RECOG)) process.stderr.write(`skipped: ${RECOG} is not there\n`)
  test.skipIf(!existsSync(RECOG))(
    'takes over a good part of recog, with a reason for the rest',
    async () => {
      const data = folder()
      expect(
        await run(['content', 'import', 'recog', RECOG, '-d', data, '--json', '--reasons']),
      ).toBe(0)
      const { read, accepted, rejected, reasons } = JSON.parse(said) as {
        read: number
        accepted: number
        rejected: number
        reasons: { where: string; reason: string }[]
      }
      expect(accepted).toBeGreaterThan(1500)
      expect(accepted + rejected).toBe(read)
      expect(reasons.every(({ where, reason }) => where !== '' && reason !== '')).toBe(true)
      const { knowledge } = await loadContent(CONTENT, path.join(data, 'content'))
      expect(knowledge.fingerprints.size).toBeGreaterThan(3000)
      const file = path.join(data, 'content/fingerprints/recog/snmp.sys-descr.yaml')
      expect(readFileSync(file, 'utf8')).toMatch(/^# Taken over/)
    },
    60_000,
  )
})
