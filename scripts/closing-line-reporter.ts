import type { Reporter, TestModule } from 'vitest/node'

/** Ends a test run with the one plain line that machines read: `N passed, N failed, N skipped`. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      // A module that failed before it had any test (a syntax error, a hook) is a failure too.
      if (module.state() === 'failed' && tests.every((test) => test.result().state !== 'failed'))
        counts.failed++
      for (const test of tests) {
        const { state } = test.result()
        counts[state === 'pending' ? 'skipped' : state]++
      }
    }
    process.stdout.write(
      `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
    )
  }
}
