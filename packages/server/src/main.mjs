// Plain JavaScript: to read a first module of TypeScript, Node loads what strips the types of it (0.15 s and 20 MB),
// although the stripped form of all that follows lies in the cache.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// What stripping and compiling gave is kept for the next start, and for our threads, beside what it was made of: in the
// folder for temporary files others could lay code there for us to run. Where that may not be written, nothing is kept.
const { directory } = enableCompileCache(
  process.env.NODE_COMPILE_CACHE ||
    fileURLToPath(new URL('../../../node_modules/.cache/wardkeeper', import.meta.url)),
)
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ||= directory
const { run } = await import('./cli/program.ts')

process.exitCode = await run(process.argv.slice(2))
