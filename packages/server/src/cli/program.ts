import { Argument, Command, CommanderError, InvalidArgumentError } from 'commander'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import packageFile from '../../package.json' with { type: 'json' }
import { UnreadableInput } from '../sensor/capture-source.ts'
import type { AdministerOptions } from './administer.ts'
import { analyze, type AnalyzeOptions } from './analyze.ts'
import type { ContentImportOptions } from './content-import.ts'
import { FOREIGN_FORMATS, type ForeignFormat } from './foreign-formats.ts'
import type { BundleOptions, FeedOptions } from './feed.ts'
import { describeMatch } from './describe-match.ts'
import type { DossierOptions } from './dossier.ts'
import { describeImport } from './import-commands.ts'
import type { StartOptions } from './start.ts'
import { paint } from './terminal.ts'

const WRONG_USE = 2
const UNREADABLE = 3
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..')
const CONTENT = resolve(ROOT, 'content')

/** Runs the command line; answers with the exit code (0, 1 failure, 2 wrong use, 3 unreadable input). */
export async function run(args: readonly string[]): Promise<number> {
  leavePipesQuietly()
  let exitCode = 0
  const program = describe((code) => (exitCode = code))
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    return explain(error)
  }
}

function describe(exit: (code: number) => void): Command {
  const program = new Command('wardkeeper')
    .description(
      'Listens to a hospital network, says what every device is and why, and sees the work through.',
    )
    .version(packageFile.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help shows how it is used)')
    .exitOverride()
  program
    .command('start', { isDefault: false })
    .description('run the whole system: database, analysis, web interface')
    .option(
      '-c, --capture <path...>',
      'captures or logs (file or folder) to analyse in place of the sample hospital',
    )
    .option('-f, --follow <folder>', 'read a folder into which captures are still being written')
    .option('-n, --netflow <port>', 'receive NetFlow v5, v9 and IPFIX on this UDP port', parsePort)
    .option(
      '-i, --interface <name>',
      'listen on a network interface (needs tcpdump and leave to capture)',
    )
    .option('-d, --data <folder>', 'where everything is kept', resolve(ROOT, '.wardkeeper'))
    .option('-p, --port <number>', 'port of the web interface', parsePort, 4780)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--no-sample', 'do not load the sample hospital')
    .option('--once', 'do the whole job, print a summary and stop')
    .option('--json', 'print the summary of --once as JSON')
    .addHelpText(
      'after',
      `
Environment:
  DATABASE_URL   use this PostgreSQL (15 or newer) in place of the embedded one

Examples:
  $ npm start                                        the sample hospital, on http://127.0.0.1:4780
  $ npm start -- --capture mirror.pcapng --no-sample
  $ npm start -- --follow /var/spool/captures        filled by dumpcap -b duration:60, for example
  $ npm start -- --once --json                       everything once, one line of JSON`,
    )
    .action(async (options: StartOptions) => {
      const { start } = await import('./start.ts')
      exit(await start({ ...options, root: ROOT, content: CONTENT }))
    })
  program
    .command('analyze')
    .description('say what is in captures, without a database')
    .argument(
      '<path...>',
      'capture files (pcap, pcapng; gz and zst too), folders of them, or - for standard input',
    )
    .option('-o, --out <folder>', 'write flows.jsonl, observations.jsonl and assets.jsonl there')
    .option('-q, --quiet', 'print nothing but problems')
    .option('--json', 'print one line of JSON in place of the table')
    .option('--sensor <name>', 'name of the sensor in the output', 'capture')
    .addHelpText(
      'after',
      `
Exit status:
  0  all was read, if need be up to where a capture is cut short
  2  wrong use
  3  an input could not be read; the others were

Examples:
  $ npx wardkeeper analyze mirror.pcapng
  $ npx wardkeeper analyze --out result --quiet captures/
  $ tcpdump -i eth1 -w - -c 100000 | npx wardkeeper analyze -`,
    )
    .action(async (paths: string[], options: AnalyzeOptions) => {
      exit(await analyze(paths, CONTENT, options))
    })
  describeMatch(program, CONTENT, exit)
  program
    .command('dossier')
    .description('say what is known of a model before it is bought')
    .argument('<maker>', 'the maker, in any of its spellings')
    .argument('<model>', 'the model as the maker calls it')
    .argument('[version]', 'the software version that is offered')
    .option('-a, --advisories <folder>', 'more advisories: CSAF files, or a folder of them')
    .option('-r, --recalls <file>', 'recalls as openFDA gives them')
    .option('--json', 'print one line of JSON')
    .option('--pdf <file>', 'write a PDF there')
    .addHelpText(
      'after',
      `
Exit status:
  0  everything was read
  2  wrong use
  3  an advisory could not be read; the others were used

Examples:
  $ npx wardkeeper dossier Philips "IntelliVue MX450"
  $ npx wardkeeper dossier BD "Alaris PC Unit" 12.1.0 --advisories csaf/ --pdf alaris.pdf`,
    )
    .action(
      async (
        maker: string,
        model: string,
        version: string | undefined,
        options: DossierOptions,
      ) => {
        const { showDossier } = await import('./dossier.ts')
        const device = {
          manufacturer: maker,
          model,
          ...(version === undefined ? {} : { version }),
        }
        exit(await showDossier(device, CONTENT, options))
      },
    )
  describeImport(program, { content: CONTENT, data: resolve(ROOT, '.wardkeeper'), exit })
  describeAdministration(program, exit)
  describeFeeds(program, exit)
  overrideExit(program)
  return program
}

/** Commands for who runs the machine: they need no account, only the database. */
function describeAdministration(program: Command, exit: (code: number) => void): void {
  const withData = (command: Command) =>
    command
      .option('-d, --data <folder>', 'where everything is kept', resolve(ROOT, '.wardkeeper'))
      .option('--json', 'print one line of JSON')
      .addHelpText(
        'after',
        `
Environment:
  DATABASE_URL   use this PostgreSQL in place of the embedded one`,
      )
  const users = program.command('users').description('accounts')
  withData(users.command('reset-password'))
    .description('give an account a new one-time password and end its sessions')
    .argument('<name>', 'user name, as for signing in')
    .action(async (name: string, options: AdministerOptions) => {
      const { resetUserPassword } = await import('./administer.ts')
      exit(await resetUserPassword(name, options))
    })
  const content = program.command('content').description('knowledge that the site brings itself')
  content
    .command('import')
    .description('take over the fingerprints of a database that you have yourself')
    .addArgument(new Argument('<format>', 'whose format it is').choices(FOREIGN_FORMATS))
    .argument('<path>', 'its file, or the folder with its files')
    .option('-d, --data <folder>', 'where everything is kept', resolve(ROOT, '.wardkeeper'))
    .option('-n, --dry-run', 'say what would be taken over, write nothing')
    .option('--reasons', 'name every entry that is left out, with the reason')
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `
What is taken over is written to <data>/content/fingerprints/<format>/ in the format of our own fingerprints, each entry
with its examples, and replaces what was taken over of that format before. It is used from the next start on, behind the
fingerprints of the product. Mind the licence of the database: it stays in your data folder.

Examples:
  $ npx wardkeeper content import recog recog/xml
  $ npx wardkeeper content import satori dhcp.xml --dry-run --reasons
  $ npx wardkeeper content import p0f /etc/p0f/p0f.fp
  $ npx wardkeeper content import fingerbank dhcp_fingerprints.conf`,
    )
    .action(async (format: ForeignFormat, path: string, options: ContentImportOptions) => {
      const { importContent } = await import('./content-import.ts')
      exit(await importContent(format, path, CONTENT, options))
    })
  const audit = program.command('audit').description('the log of who did what')
  withData(audit.command('verify'))
    .description('follow the chain of hashes and say whether an entry was changed')
    .option('--contains <hash>', 'a hash that was noted before: fails when its entry is gone')
    .action(async (options: AdministerOptions & { contains?: string }) => {
      const { verifyAuditLog } = await import('./administer.ts')
      exit(await verifyAuditLog(options))
    })
}

/** Commands for knowledge from outside. */
function describeFeeds(program: Command, exit: (code: number) => void): void {
  const feed = program
    .command('feed')
    .description('knowledge from outside: advisories, recalls, scores')
  const withData = (command: Command) =>
    command
      .option('-d, --data <folder>', 'where everything is kept', resolve(ROOT, '.wardkeeper'))
      .option('--json', 'print JSON')
  withData(feed.command('list'))
    .description('every feed with its age, its counts and what was set aside')
    .action(async (options: FeedOptions) =>
      exit(await (await import('./feed.ts')).showFeeds(options)),
    )
  withData(feed.command('run'))
    .description('fetch one feed now')
    .argument('<feed>', 'id of the feed, as feed list shows it')
    .action(async (id: string, options: FeedOptions) =>
      exit(await (await import('./feed.ts')).fetchNow(id, options)),
    )
  withData(feed.command('load'))
    .description('load files of a feed that were fetched by other means')
    .argument('<feed>', 'id of the feed')
    .argument('<path...>', 'files, or folders of them')
    .action(async (id: string, paths: string[], options: FeedOptions) =>
      exit(await (await import('./feed.ts')).loadFiles(id, paths, options)),
    )
  feed
    .command('keygen')
    .description('make a key pair for bundles')
    .argument('[name]', 'file name of the pair, without ending', 'wardkeeper-feeds')
    .action(async (name: string) => exit(await (await import('./feed.ts')).makeBundleKeys(name)))
  feed
    .command('bundle')
    .description('fetch feeds and pack them, signed, for machines without a network')
    .requiredOption('-o, --out <file>', 'the bundle to write (.wkb)')
    .requiredOption('-k, --key <file>', 'private key, as feed keygen makes it')
    .option('-f, --feeds <ids>', 'ids of feeds, separated by commas (all with an address)')
    .option('--from <feed=path...>', 'take files of a feed from here in place of fetching them')
    .action(async (options: BundleOptions) =>
      exit(await (await import('./feed.ts')).packBundle(options)),
    )
  withData(feed.command('import'))
    .description('import a bundle: all of it or nothing')
    .argument('<file>', 'the bundle (.wkb)')
    .option(
      '-k, --key <file...>',
      'public key to trust beside those in the folder feed-keys of the data folder',
    )
    .action(async (file: string, options: FeedOptions & { key?: string[] }) =>
      exit(await (await import('./feed.ts')).takeBundle(file, options)),
    )
}

function overrideExit(command: Command): void {
  for (const child of command.commands) overrideExit(child.exitOverride())
}

function parsePort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new InvalidArgumentError('a port is a whole number from 0 to 65535.')
}

/** `wardkeeper ... | head` ends when `head` does, without a word. */
function leavePipesQuietly(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

const DISK_ERRORS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk; what was written up to now is kept',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file of that name',
  EISDIR: 'this is a folder, not a file',
  ENOENT: 'there is no such file or folder',
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE
  if (error instanceof UnreadableInput) return complain(error.message, UNREADABLE)
  const { code, path, syscall, message, stack } = error as NodeJS.ErrnoException
  const known = syscall === 'connect' ? undefined : DISK_ERRORS[code ?? '']
  if (known !== undefined) return complain(path === undefined ? known : `${path}: ${known}`, 1)
  if (process.env.WARDKEEPER_DEBUG !== undefined) process.stderr.write(`${stack}\n`)
  return complain(message, 1)
}

function complain(message: string, code: number): number {
  process.stderr.write(`${paint('red', 'wardkeeper:', process.stderr)} ${message}\n`)
  return code
}
