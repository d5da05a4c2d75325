import { describe, expect, test } from 'vitest'
import { parseRecall } from './recall.ts'

/** What a description is read as: name, range, and the catalogue numbers in brackets. */
function read(description: string, firm = 'Maker Inc'): readonly string[] {
  const record = {
    res_event_number: '1',
    recalling_firm: firm,
    product_description: description,
  }
  const products = parseRecall(record)?.products ?? []
  return products.map(({ product, range, catalogues = [] }) =>
    [product, range === 'vers:all/*' ? '' : range, catalogues.join(' ')]
      .filter(Boolean)
      .join(' | '),
  )
}

describe('a recall is read as products', () => {
  test.each([
    ['Grafta vascular tissue patch; in sterile bags', ['Grafta']],
    ['ARTIS pheno, fluoroscopic x-ray system', ['ARTIS pheno']],
    [
      'Review Station 2.2 workstations with software version 22_01 A medical image review station',
      ['Review Station 2.2 workstations | 22_01'],
    ],
    [
      'Lumen R1.2 Cardiology image and information management solution',
      ['Lumen Cardiology | R1.2'],
    ],
    ['Rhythm IQ pump with Dose Safety Software', ['Rhythm IQ']],
    [
      'Operating Software version 4.0 used in Alpha LX20 Systems, Alpha LXi Systems',
      ['4.0', 'Alpha LX20 | 4.0', 'Alpha LXi | 4.0'],
    ],
    ['MR Systems under the following names:\n\nAlpha\nBeta P2', ['Alpha', 'Beta P2']],
    ['ICON 9.5 Software used on the ICON workstations for the CAM System', ['ICON | 9.5']],
    ['Clinical Chemistry, ABX Quattro 400', ['ABX Quattro 400']],
    [
      'MRI Systems, Software Version 12.x, sold under the following product names: AA Fast, BB Slow',
      ['AA Fast | 12.x', 'BB Slow | 12.x'],
    ],
    [
      'Ultra Z 90 CT Scanners. These were sold under the brand names: Picker or Marconi',
      ['Ultra Z 90 CT'],
    ],
    ['Acme Safe : Desktop PC, REF: 107-254-01', ['Acme Safe Desktop PC | 107-254-01']],
    ['Pump X200 (tm), catalog 5590-01; colour display screen', ['X200 | X200 5590-01']],
    ['ECG, Model Numbers: ECG280-AAA, ECG280-BBB, OTHER-1', ['ECG 280 | ECG280-AAA ECG280-BBB']],
  ] as const)('%s', (description, wanted) => {
    expect(read(description)).toEqual(wanted)
  })

  test('under the name of the company that sells the product now, too', () => {
    const record = {
      res_event_number: '2',
      recalling_firm: 'Medtronic Emergency Response Systems, Inc.',
      product_description: 'LIFEPAK 12 defibrillator',
    }
    expect(parseRecall(record)?.products.map(({ vendor }) => vendor)).toEqual([
      'Medtronic Emergency Response Systems, Inc.',
      'Physio-Control',
    ])
  })
})
