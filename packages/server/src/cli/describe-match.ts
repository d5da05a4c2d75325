import { type Command, InvalidArgumentError } from 'commander'
import type { MatchOptions } from './match.ts'

/** `wardkeeper match`: its options and what it prints. */
export function describeMatch(
  program: Command,
  contentFolder: string,
  exit: (code: number) => void,
): void {
  program
    .command('match')
    .description('say which advisories and recalls name devices, without a database')
    .option(
      '-a, --advisories <folder>',
      'CSAF documents, in place of the medical ones that come along',
    )
    .option('-r, --recalls <file>', 'recalls as openFDA gives them (JSON)')
    .option('--all', 'tell also what does not affect a device, and why')
    .option(
      '--feed-date <date>',
      'day that the documents are of: when it is too long ago, nothing is cleared by them',
      parseDay,
    )
    .option('--stale-after <days>', 'how many days they can be relied on (14)', parseDays)
    .option('--json', 'print one line of JSON for each device')
    .addHelpText(
      'after',
      `
Standard input: one device a line, as JSON
  {"manufacturer": "...", "model": "...", "version"?, "serial"?, "lot"?, "udi"?, "catalogue"?, "os"?}
Each is answered before the next is read, with --json as
  {"device": {...}, "findings": [{"advisory", "cves", "verdict", "because", "missing"?}], "unknown"?}
"unknown" says why it means nothing that no other advisory names the device: they are too old.
A version that is not given is unknown: the verdict is possibly-affected, never safe.

Exit status:
  0  all was read
  2  wrong use
  3  a line or a document could not be read; the others were

Examples:
  $ echo '{"manufacturer":"Philips","model":"IntelliVue MX450","version":"N.01"}' | npx wardkeeper match
  $ npx wardkeeper match --advisories csaf/ --recalls recalls.json --json < devices.jsonl`,
    )
    .action(async (options: MatchOptions) => {
      const { matchDevices } = await import('./match.ts')
      exit(await matchDevices(contentFolder, options))
    })
}

function parseDay(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw new InvalidArgumentError('a day is written 2026-11-25.')
  if (time > Date.now()) throw new InvalidArgumentError('this day is in the future.')
  return text
}

function parseDays(text: string): number {
  const days = Number(text)
  if (Number.isInteger(days) && days >= 0 && days <= 36_500) return days
  throw new InvalidArgumentError('a number of days is a whole number from 0 to 36500.')
}
