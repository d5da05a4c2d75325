import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import path from 'node:path'

/** Puts the figures of a benchmark, with the day and the machine, between its marks in docs/performance.md. */
export function writeSection(name: string, heading: string, text: string): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const target = path.join(import.meta.dirname, '../docs/performance.md')
  const before = readFileSync(target, 'utf8')
  const day = new Date().toISOString().slice(0, 10)
  const machine = `${day}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, embedded PostgreSQL.`
  const section = `${begin}\n\n## ${heading}: \`npm run ${name}\`\n\n${machine}\n\n${text}\n\n${end}`
  const at = before.indexOf(begin)
  const after =
    at < 0
      ? `${before.trimEnd()}\n\n${section}\n`
      : before.slice(0, at) + section + before.slice(before.indexOf(end) + end.length)
  writeFileSync(target, after)
}
