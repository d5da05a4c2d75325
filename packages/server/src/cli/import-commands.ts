import type { Command } from 'commander'
import type { ImportOptions } from './import.ts'

interface ImportCommands {
  /** Folder of what the product knows. */
  readonly content: string
  /** Where everything is kept unless the command line says. */
  readonly data: string
  readonly exit: (code: number) => void
}

/** Commands that take in what other systems know. */
export function describeImport(program: Command, { content, data, exit }: ImportCommands): void {
  program
    .command('import')
    .description('take in records of another system: CSV, XLSX or FHIR devices')
    .argument('<file>', 'table of devices')
    .option('-t, --template <id>', 'how the file is laid out: generic, servicenow, nuvolo, aims ..')
    .option('-s, --source <name>', 'name of the system, when it is not that of the template')
    .option('--date-order <order>', 'day-first or month-first, where the file does not show it')
    .option('--full', 'the file holds every device of the system')
    .option('--dry-run', 'say what would happen to each row, and do nothing')
    .option('-d, --data <folder>', 'where everything is kept', data)
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `
Exit status:
  0  every row is accounted for
  2  wrong use
  3  the file cannot be read

Examples:
  $ npx wardkeeper import equipment.csv --template nuvolo --dry-run --json
  $ npx wardkeeper import equipment.xlsx --template aims --full`,
    )
    .action(async (file: string, options: ImportOptions) => {
      const { importTable } = await import('./import.ts')
      exit(await importTable(file, content, options))
    })
  program
    .command('pull')
    .description('take in the inventory of another system through its REST interface')
    .argument('<settings>', 'YAML file that says where and how')
    .option('--full', 'it holds every device of the system')
    .option('--dry-run', 'say what would happen to each row, and do nothing')
    .option('-d, --data <folder>', 'where everything is kept', data)
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      `
The settings are described in docs/operate/import.md. Keys are named in them as \${NAME} and come from the
environment. All pages are read, or nothing is taken in.

Exit status:
  0  every row is accounted for
  2  wrong use
  3  the other system cannot be read

Examples:
  $ CMMS_TOKEN=... npx wardkeeper pull cmms.yaml --dry-run
  $ CMMS_TOKEN=... npx wardkeeper pull cmms.yaml --full --json`,
    )
    .action(async (file: string, options: ImportOptions) => {
      const { pullFrom } = await import('./import.ts')
      exit(await pullFrom(file, content, options))
    })
}
