// Compares what our engine says of captures with what other programs said, and writes the table of docs/accuracy.md.
//
//   node scripts/agree.ts FOLDER [--only PART] [--out FILE] [--no-docs]
//
// PART is one of ndpi, zeek, fingerprints, arkime, tcpdump. Ends with 1 when a share is below its goal.
import { existsSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compareArkime } from './agree/arkime.ts'
import { compareFingerprints } from './agree/fingerprints.ts'
import { compareNdpi } from './agree/ndpi.ts'
import { findGroundTruth, type GroundTruth } from './agree/pairs.ts'
import { describeAgreement, listDisagreements, writeSection } from './agree/report.ts'
import type { Tally } from './agree/tally.ts'
import { compareTcpdump } from './agree/tcpdump.ts'
import { compareZeek } from './agree/zeek.ts'

const PARTS: Readonly<Record<string, (truth: GroundTruth) => Promise<Tally[]>>> = {
  ndpi: ({ ndpi }) => compareNdpi(ndpi),
  zeek: ({ zeek }) => compareZeek(zeek),
  fingerprints: ({ ja4, ndpi }) => compareFingerprints(ja4, ndpi),
  arkime: ({ arkime }) => compareArkime(arkime),
  tcpdump: ({ tcpdump }) => compareTcpdump(tcpdump),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    out: { type: 'string' },
    'no-docs': { type: 'boolean', default: false },
  },
})
const [folder = '../shared/captures'] = positionals
if (!existsSync(folder)) {
  console.error(
    `${folder}: there is no such folder; name one with captures and the results of other programs`,
  )
  process.exit(2)
}
const parts = Object.entries(PARTS).filter(([name]) => (values.only ?? name) === name)
if (parts.length === 0) {
  console.error(`--only ${values.only}: name one of ${Object.keys(PARTS).join(', ')}`)
  process.exit(2)
}

const truth = await findGroundTruth(folder)
const tallies: Tally[] = []
for (const [, compare] of parts) tallies.push(...(await compare(truth)))

const section = describeAgreement(tallies, `npm run agree -- ${folder}`)
console.log(section)
const list = listDisagreements(tallies)
if (values.out === undefined) console.log(list)
else writeFileSync(values.out, list)
// A part alone would put a part of the table in place of the whole.
if (values.only === undefined && !values['no-docs']) writeSection('docs/accuracy.md', section)
process.exitCode = tallies.some(({ isShort }) => isShort) ? 1 : 0
