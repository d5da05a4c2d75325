import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { loadContent } from './load.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../../../content')

test('the content that the product comes with is whole', async () => {
  const content = await loadContent(FOLDER)
  expect(content.advisories.length).toBeGreaterThan(100)
  expect(content.knowledge.vocabulary.types.size).toBeGreaterThan(20)
  expect(content.advisoryDate).toMatch(/^\d{4}-\d\d-\d\d$/)
  expect(content.knowledge.makerOfMac('00:00:0c:01:02:03')).toMatch(/Cisco/)
  expect(content.knowledge.makerOfMac('02:00:00:00:00:01')).toBeUndefined()
})

test.each([
  ['behaviour/learning.yaml', 'minimumDays: many', /learning\.yaml.*minimumDays/s],
  ['behaviour/learning.yaml', 'minimumDays: [', /learning\.yaml/],
  [
    'advisories/icsma.json',
    '{"meta":{"date":"2025-01-01"},"advisories":[{"id":""}]}',
    /icsma\.json.*advisories\[0\]/s,
  ],
  ['advisories/icsma.json', '{', /icsma\.json/],
  ['risk/method.yaml', 'id: x', /method\.yaml.*weights/s],
  ['risk/operating-systems.yaml', '- { name: X, names: [X], ends: soon }', /systems\.yaml.*ends/s],
  ['fingerprints/dhcp.vendor-class.yaml', '- id: x\n  pattern: "("\n', /dhcp\.vendor-class/],
])('an error in %s names file and entry', async (file, text, message) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'content-'))
  const parts = ['advisories', 'behaviour', 'inventory', 'response-plans', 'risk', 'vocabularies']
  for (const part of parts) {
    cpSync(path.join(FOLDER, part), path.join(folder, part), { recursive: true })
  }
  mkdirSync(path.join(folder, 'fingerprints'))
  writeFileSync(path.join(folder, file), text)
  await expect(loadContent(folder)).rejects.toThrow(message)
})
