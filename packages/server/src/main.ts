import { enableCompileCache } from 'node:module'

// Types are stripped and modules compiled at each start; what that gave is kept for the next one, and for our threads.
const { directory } = enableCompileCache()
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory
const { run } = await import('./cli/program.ts')

process.exitCode = await run(process.argv.slice(2))
