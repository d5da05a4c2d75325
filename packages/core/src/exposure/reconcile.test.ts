import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Advisory, Finding, Match, Weakness } from '../vocabulary.ts'
import type { ReconcileInput } from './reconcile.ts'
import { reconcileFindings } from './reconcile.ts'

const advisory: Advisory = {
  id: 'ICSMA-1',
  kind: 'csaf',
  source: 'CISA',
  revision: '2',
  published: '2020-01-01',
  updated: '2020-02-01',
  products: [{ pid: 'P1', vendor: 'BD', product: 'Pump', range: '<= 9', cves: ['CVE-1', 'CVE-2'] }],
  vulnerabilities: [
    { cve: 'CVE-1', vectors: [], baseScore: 7.5 },
    { cve: 'CVE-2', vectors: [], baseScore: 5 },
  ],
  remedies: [{ kind: 'vendor_fix', pids: ['P1'] }],
  link: 'https://example.org',
}

function match(verdict: Match['verdict'], change: Partial<Match> = {}): Match {
  const because = {
    pid: 'P1',
    product: 'Pump',
    range: '<= 9',
    version: '9',
    reason: `It is ${verdict}.`,
  }
  return { advisoryId: 'ICSMA-1', cves: ['CVE-1'], verdict, matcher: 'product', because, ...change }
}

const telnet: Weakness = { code: 'telnet', severity: 'high', reason: 'Telnet.', evidence: [] }

function run(input: Partial<ReconcileInput>, now = 10) {
  let next = 0
  return reconcileFindings({
    assetId: 'pump',
    existing: [],
    matches: [],
    isIdentified: true,
    weaknesses: [],
    advisories: (id) => (id === advisory.id ? advisory : undefined),
    evidence: [],
    now,
    newId: () => `f-${now}-${++next}`,
    ...input,
  })
}

function opened(matches: readonly Match[], weaknesses: readonly Weakness[] = []): Finding {
  const [finding] = run({ matches, weaknesses }, 1).opened
  if (finding === undefined) throw new Error('nothing was opened')
  return finding
}

describe('opens', () => {
  test('one finding for one advisory, with all its CVEs and the strongest verdict', () => {
    const possible = match('possibly-affected', { cves: ['CVE-2'], missing: 'firmware' })
    const { opened: found, changed, history } = run({ matches: [possible, match('affected')] })
    expect(found).toMatchObject([
      {
        kind: 'advisory',
        subject: 'ICSMA-1',
        verdict: 'affected',
        severity: 'high',
        state: 'open',
        cves: ['CVE-1', 'CVE-2'],
        because: 'It is affected. It is possibly-affected.',
        remedy: 'patch:ICSMA-1',
        opened: 10,
      },
    ])
    expect(found[0]?.missing).toBeUndefined()
    expect(changed).toEqual([])
    expect(history).toMatchObject([{ what: 'opened', findingId: found[0]?.id }])
  })

  test('says which datum would settle it', () => {
    expect(opened([match('possibly-affected', { missing: 'firmware' })])).toMatchObject({
      verdict: 'possibly-affected',
      missing: 'firmware',
    })
  })

  test('nothing for a device that is not affected', () => {
    expect(run({ matches: [match('not-affected')] }).opened).toEqual([])
  })

  test('a finding for a weakness', () => {
    expect(opened([], [telnet])).toMatchObject({
      kind: 'weakness',
      subject: 'telnet',
      remedy: 'configure:telnet',
    })
  })

  test('one that is known to be exploited as critical', () => {
    const exploited = {
      ...advisory,
      vulnerabilities: [{ cve: 'CVE-1', vectors: [], baseScore: 5, kev: '2021-01-01' }],
    }
    const { opened: found } = run({ matches: [match('affected')], advisories: () => exploited })
    expect(found[0]?.severity).toBe('critical')
  })

  test('one without a fix as a mitigation, one of a recall as a recall', () => {
    const remedy = (change: Partial<Advisory>) =>
      run({ matches: [match('affected')], advisories: () => ({ ...advisory, ...change }) })
        .opened[0]?.remedy
    expect(remedy({ remedies: [{ kind: 'mitigation', pids: ['P1'] }] })).toBe('mitigate:ICSMA-1')
    expect(remedy({ remedies: [{ kind: 'vendor_fix', pids: ['P2'] }] })).toBe('mitigate:ICSMA-1')
    expect(remedy({ kind: 'recall' })).toBe('recall:ICSMA-1')
  })
})

describe('changes', () => {
  test('nothing while nothing changes', () => {
    const existing = [opened([match('affected')], [])]
    expect(run({ existing, matches: [match('affected')] })).toEqual({
      opened: [],
      changed: [],
      history: [],
    })
  })

  test('from possibly affected to affected in place, with its history', () => {
    const existing = [opened([match('possibly-affected', { missing: 'firmware' })])]
    const { changed, history, opened: more } = run({ existing, matches: [match('affected')] })
    expect(more).toEqual([])
    expect(changed).toMatchObject([{ id: existing[0]?.id, verdict: 'affected', opened: 1 }])
    expect(changed[0]?.missing).toBeUndefined()
    expect(history).toMatchObject([
      { what: 'verdict', reason: 'From possibly-affected to affected: It is affected.' },
    ])
  })

  test('the CVEs of a revised advisory', () => {
    const existing = [opened([match('affected', { cves: ['CVE-1', 'CVE-2'] })])]
    const { changed, history } = run({ existing, matches: [match('affected')] })
    expect(changed).toMatchObject([{ cves: ['CVE-1'], severity: 'high' }])
    expect(history).toMatchObject([{ what: 'cves', reason: 'no longer: CVE-2' }])
  })
})

describe('closes', () => {
  test('by evidence that the device is not affected any more', () => {
    const existing = [opened([match('affected')])]
    const evidence = [{ field: 'snmp.sys-descr', value: '10', time: 9, rule: 'x', weight: 1 }]
    const { changed, history } = run({ existing, matches: [match('not-affected')], evidence })
    expect(changed).toMatchObject([
      {
        state: 'resolved',
        verdict: 'not-affected',
        closed: 10,
        because: 'It is not-affected.',
        evidence,
      },
    ])
    expect(history).toMatchObject([{ what: 'closed' }])
  })

  test('as superseded when the advisory no longer names the device, or is withdrawn', () => {
    const existing = [opened([match('affected')])]
    const revised = run({ existing })
    expect(revised.changed).toMatchObject([
      { state: 'superseded', because: 'ICSMA-1, revision 2, does not name this device.' },
    ])
    const withdrawn = run({ existing, advisories: () => undefined })
    expect(withdrawn.changed).toMatchObject([{ because: 'ICSMA-1 was withdrawn.' }])
  })

  test('a weakness that is seen no more', () => {
    const existing = [opened([], [telnet])]
    expect(run({ existing }).changed).toMatchObject([{ state: 'resolved' }])
  })

  test('and opens the same one again when it is seen again', () => {
    const [closed] = run({ existing: [opened([], [telnet])] }).changed as [Finding]
    const { changed, opened: more, history } = run({ existing: [closed], weaknesses: [telnet] }, 20)
    expect(more).toEqual([])
    expect(changed).toMatchObject([{ id: closed.id, state: 'open', closed: undefined, opened: 1 }])
    expect(history).toMatchObject([{ what: 'reopened', time: 20 }])
  })
})

describe('keeps what a person decided', () => {
  test.each(['accepted', 'suppressed', 'in-progress'] as const)('%s', (state) => {
    const existing = [{ ...opened([match('possibly-affected')]), state }]
    expect(run({ existing, matches: [match('affected')] }).changed).toMatchObject([
      { state, verdict: 'affected' },
    ])
  })

  test('suppressed also while it is not seen', () => {
    const existing = [{ ...opened([match('affected')]), state: 'suppressed' as const }]
    expect(run({ existing }).changed).toEqual([])
    expect(run({ existing, matches: [match('not-affected')] }).changed).toEqual([])
  })

  test('the findings of other assets', () => {
    const other = { ...opened([match('affected')]), assetId: 'other' }
    expect(run({ existing: [other] }).changed).toEqual([])
  })
})

test('whatever comes, nothing is lost or doubled and the second run changes nothing', () => {
  const verdicts = fc.constantFrom('affected', 'possibly-affected', 'disputed', 'not-affected')
  const matches = fc.uniqueArray(
    fc.record({ id: fc.constantFrom('A', 'B', 'C'), verdict: verdicts }),
    { selector: ({ id }) => id },
  )
  const step = fc.record({ matches, hasTelnet: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const all = new Map<string, Finding>()
      steps.forEach((one, index) => {
        const input = {
          matches: one.matches.map(({ id, verdict }) =>
            match(verdict as Match['verdict'], { advisoryId: id }),
          ),
          weaknesses: one.hasTelnet ? [telnet] : [],
        }
        const before = [...all.keys()]
        const { opened: more, changed } = run({ existing: [...all.values()], ...input }, index)
        for (const finding of [...more, ...changed]) all.set(finding.id, finding)
        expect([...all.keys()].slice(0, before.length)).toEqual(before)
        const again = run({ existing: [...all.values()], ...input }, index)
        expect(again).toEqual({ opened: [], changed: [], history: [] })
        const keys = [...all.values()].map(({ subject }) => subject)
        expect(new Set(keys).size).toBe(keys.length)
      })
    }),
  )
})

test('a device whose model is in doubt keeps its findings, as unknown, until the model is known', () => {
  const before = opened([match('affected')])
  const { changed } = run({ existing: [before], isIdentified: false })
  expect(changed).toMatchObject([{ state: 'open', verdict: 'unknown', missing: 'model' }])
  expect(run({ existing: changed, isIdentified: false }).changed).toEqual([])
  const known = run({ existing: changed, matches: [match('affected')] }).changed
  expect(known).toMatchObject([{ state: 'open', verdict: 'affected' }])
  expect(known[0]).not.toHaveProperty('missing')
})

test('a weakness that was verified to be gone opens again only by a newer sight', () => {
  const at = (time: number) => ({
    ...telnet,
    evidence: [{ field: 'telnet.session', value: 'x', time, rule: 'telnet', weight: 0 }],
  })
  const gone: Finding = {
    ...opened([], [at(5)]),
    state: 'resolved',
    verdict: 'not-affected',
    closed: 9,
  }
  expect(run({ existing: [gone], weaknesses: [at(5)] }).changed).toEqual([])
  expect(run({ existing: [gone], weaknesses: [at(6)] }).changed).toMatchObject([
    { state: 'open', verdict: 'affected' },
  ])
})
