import { expect, test } from 'vitest'
import { decideRow, sameModel, type Candidate, type MatchSettings } from './match-row.ts'

const settings: MatchSettings = {
  equal: {
    native: 1,
    mac: 0.96,
    serial: 0.94,
    shortSerial: 0.6,
    tag: 0.9,
    hostname: 0.7,
    ip: 0.45,
    model: 0.35,
    place: 0.2,
  },
  contrary: { serial: 0.5, manufacturer: 0.5, model: 0.8, type: 0.9, mac: 0.85 },
  matchFrom: 0.85,
  askFrom: 0.4,
  distance: 0.1,
}
const candidate = (more: Partial<Candidate>): Candidate => ({
  assetId: 'a',
  label: 'Pump',
  serials: [],
  macs: [],
  ips: [],
  tags: [],
  nativeKeys: [],
  ...more,
})
const decide = (device: object, ...candidates: Candidate[]) =>
  decideRow(device, 'tag:t1', candidates, settings)

test('the record of the same system is the same device', () => {
  expect(
    decide({ serial: 'OTHER99' }, candidate({ nativeKeys: ['tag:t1'], serials: ['AB12345'] })),
  ).toMatchObject({ outcome: 'matched', score: 1 })
})

test('a MAC or a serial number matches, and says so', () => {
  const byMac = decide({ macs: ['00:1b:44:11:3a:b7'] }, candidate({ macs: ['00:1b:44:11:3a:b7'] }))
  expect(byMac).toMatchObject({
    outcome: 'matched',
    assetId: 'a',
    reasons: ['The MAC 00:1b:44:11:3a:b7 is the same.'],
  })
  expect(decide({ serial: 'ab-12345' }, candidate({ serials: ['AB12345'] })).outcome).toBe(
    'matched',
  )
})

test('contradictions turn a match into a question', () => {
  const contrary = decide(
    { serial: 'AB12345', manufacturer: 'Acme' },
    candidate({ serials: ['AB12345'], manufacturer: 'Other' }),
  )
  expect(contrary.outcome).toBe('queued')
  expect(contrary.reasons.join(' ')).toMatch(/But its maker is Other/)
  const moved = decide(
    { macs: ['00:1b:44:11:3a:b7'], serial: 'AB99999' },
    candidate({ macs: ['00:1b:44:11:3a:b7'], serials: ['AB12345'] }),
  )
  expect(moved.outcome).toBe('queued')
})

test('two devices that fit as well are a question; neither is taken', () => {
  const twins = decide(
    { serial: 'AB12345' },
    candidate({ serials: ['AB12345'] }),
    candidate({ assetId: 'b', serials: ['AB12345'] }),
  )
  expect(twins).toMatchObject({ outcome: 'queued', assetId: undefined })
  expect(twins.candidates).toHaveLength(2)
})

test('weak keys ask, and model and place alone say nothing', () => {
  expect(decide({ ips: ['10.0.0.1'] }, candidate({ ips: ['10.0.0.1'] })).outcome).toBe('queued')
  expect(
    decide({ model: 'Drip 9', room: '4' }, candidate({ model: 'Drip 9', room: '4' })).outcome,
  ).toBe('created')
  expect(
    decide(
      { hostname: 'pump-1.x.org', model: 'Drip 9', ips: ['10.0.0.1'] },
      candidate({ hostname: 'PUMP-1', model: 'Drip 9', ips: ['10.0.0.1'] }),
    ).outcome,
  ).toBe('matched')
  expect(decide({ serial: '0012345678' }, candidate({ serials: ['12345678'] })).outcome).toBe(
    'queued',
  )
  expect(decide({ serial: 'AB12345' }).outcome).toBe('created')
})

test('models in other spellings are one, other models are not', () => {
  expect(sameModel('IntelliVue MX450', 'MX-450')).toBe(true)
  expect(sameModel('MX450', 'MX45')).toBe(false)
  expect(sameModel('MX450', 'MX400')).toBe(false)
})
