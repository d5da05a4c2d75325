import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { CORE_SCHEMA, load } from 'js-yaml'
import { compileFingerprints } from './fingerprint.ts'
import { DETAIL_FILES, PRODUCT_FILE } from './shared-fields.ts'
import { compileVocabulary } from './vocabulary.ts'

const CONTENT = path.resolve(import.meta.dirname, '../../../../content')

function readFolder(name: string): Record<string, unknown> {
  const folder = path.join(CONTENT, name)
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return Object.fromEntries(
    files.map((file) => [
      file.slice(0, -5),
      load(readFileSync(path.join(folder, file), 'utf8'), { schema: CORE_SCHEMA }),
    ]),
  )
}

const vocabulary = compileVocabulary(readFolder('vocabularies'))
const fingerprints = compileFingerprints(readFolder('fingerprints'))
const entries = [...fingerprints.fingerprints.values()].flat()

describe('fingerprints', () => {
  test('are many', () => {
    expect(fingerprints.size).toBeGreaterThanOrEqual(1000)
  })

  test.each([...fingerprints.fingerprints.keys()])(
    '%s: each example gives its claims, by its own entry first',
    (field) => {
      const wrong = (fingerprints.fingerprints.get(field) ?? []).flatMap(({ id, examples }) =>
        examples.flatMap(({ value, claims }) => {
          const match = fingerprints.match(field, value)[0]
          const given = Object.fromEntries(
            (match?.assertions ?? []).map((each) => [each.attribute, each.value]),
          )
          const isRight =
            match?.id === id && JSON.stringify(sorted(given)) === JSON.stringify(sorted(claims))
          return isRight ? [] : [{ id, value, matchedBy: match?.id, given, expected: claims }]
        }),
      )
      expect(wrong).toEqual([])
    },
  )

  test.each(['manufacturer', 'type', 'category'] as const)(
    'claim only a %s of the vocabulary',
    (attribute) => {
      const known: ReadonlyMap<string, unknown> = {
        manufacturer: vocabulary.manufacturers,
        type: vocabulary.types,
        category: vocabulary.categories,
      }[attribute]
      const strange = entries.filter(
        ({ claims }) => claims[attribute] !== undefined && !known.has(claims[attribute]),
      )
      expect(strange.map(({ id, claims }) => `${id}: ${claims[attribute]}`)).toEqual([])
    },
  )

  test('claim a type that belongs to the category they claim', () => {
    const wrong = entries.filter(
      ({ claims: { type, category } }) =>
        type !== undefined &&
        category !== undefined &&
        vocabulary.types.get(type)?.category !== category,
    )
    expect(wrong.map(({ id }) => id)).toEqual([])
  })

  test('take no time on hostile values', () => {
    const hostile = ['a', ' ', '0', '1.', 'A-', 'v1 ', '((', 'ab ab '].map((part) =>
      part.repeat(1024 / part.length),
    )
    const started = performance.now()
    for (const { pattern } of entries) for (const value of hostile) pattern.regex.test(value)
    const perEntry = (performance.now() - started) / entries.length
    expect(perEntry).toBeLessThan(2)
  })

  test('shared files are there', () => {
    const files = [PRODUCT_FILE, ...DETAIL_FILES, 'host.name', 'system.description', 'cloud.name']
    expect(files.filter((file) => !fingerprints.fingerprints.has(file))).toEqual([])
  })
})

describe('vocabularies', () => {
  test('know the traps among makers', () => {
    const makerOf = (name: string) => vocabulary.manufacturerOf(name)?.name
    expect(makerOf('Hill-Rom')).toBe('Baxter')
    expect(makerOf('Welch Allyn, Inc.')).toBe('Baxter')
    expect(makerOf('Becton, Dickinson and Company')).toBe('BD')
    expect(makerOf('Philips Lighting BV')).toBe('Signify')
    expect(makerOf('Philips Medical Systems')).toBe('Philips')
    expect(makerOf('FUJIFILM Business Innovation Corp.')).toBe('Fujifilm Business Innovation')
    expect(makerOf('FUJIFILM Corporation')).toBe('FUJIFILM Healthcare')
    expect(makerOf('Siemens AG')).toBe('Siemens')
    expect(makerOf('Siemens Healthcare Diagnostics, Inc')).toBe('Siemens Healthineers')
    expect(makerOf('FRESENIUS MEDICAL CARE')).toBe('Fresenius Medical Care')
    expect(makerOf('FRESENIUS-VIAL')).toBe('Fresenius Kabi')
    expect(makerOf('Shenzhen Mindray Animal Medical Technology Co.,LTD')).toBe(
      'Mindray Animal Medical',
    )
    expect(makerOf('DATEX DIVISION OF')).toBe('GE HealthCare')
    expect(makerOf('Alaris, Inc.')).toBeUndefined()
    expect(makerOf('CONTEC CO., LTD.')).toBeUndefined()
    expect(makerOf('Talaris (Sweden) AB')).toBeUndefined()
  })

  test('know the class of every product code as the FDA gives it', () => {
    const file = path.resolve(CONTENT, '../../shared/intel/fda-product-codes/foiclass-2019.txt')
    if (!existsSync(file)) {
      process.stderr.write(`skipped: ${file} is not there\n`)
      return
    }
    const classes = new Map(
      readFileSync(file, 'latin1')
        .split('\n')
        .map((line) => line.split('|'))
        .map(([, , code = '', , level = '']) => [code, Number(level)] as const),
    )
    const wrong = [...vocabulary.types.values()].filter(({ productCodes, fdaClass }) => {
      const known = productCodes.map((code) => classes.get(code) ?? Number.NaN)
      return productCodes.length > 0 && Math.max(...known) !== fdaClass
    })
    expect(wrong.map(({ id }) => id)).toEqual([])
  })

  test('say of what is regulated, of no cable or printer', () => {
    const regulated = [...vocabulary.types.values()].filter(({ isRegulated }) => isRegulated)
    const strange = regulated.filter(
      ({ category }) => vocabulary.categories.get(category)?.isClinical !== true,
    )
    expect(strange.map(({ id }) => id)).toEqual([])
    const lifeSupport = [...vocabulary.types.values()].filter((type) => type.isLifeSupport)
    expect(lifeSupport.filter((type) => !type.isRegulated)).toEqual([])
  })

  test('find a type by its id, its name or the words of others, in singular and plural', () => {
    for (const words of ['infusion-pump', 'Infusion pumps', 'INFUSION PUMP'])
      expect(vocabulary.typeOf(words)?.id).toBe('infusion-pump')
    expect(vocabulary.typeOf('Weighing scale')?.id).toBe('health-scale')
    expect(vocabulary.typeOf('pump of something')).toBeUndefined()
  })

  test('take numbers of nomenclatures only from the site', () => {
    expect([...vocabulary.types.values()].flatMap(({ codes }) => codes)).toEqual([])
    const files = readFolder('vocabularies')
    const code = { system: 'gmdn', code: '13215', type: 'infusion-pump' }
    const { types } = compileVocabulary({ ...files, codes: [code] })
    expect(types.get('infusion-pump')?.codes).toMatchObject([{ system: 'gmdn', code: '13215' }])
    expect(() => compileVocabulary({ ...files, codes: [{ ...code, type: 'boat' }] })).toThrow(
      /no device type "boat"/,
    )
  })

  test('know who only makes parts', () => {
    const names = ['Digi International', 'Lantronix', 'Moxa.Inc', 'Silex Technology, Inc.']
    expect(names.filter((name) => vocabulary.manufacturerOf(name)?.oui !== 'part')).toEqual([])
  })
})

function sorted(claims: object): [string, unknown][] {
  return Object.entries(claims).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
