declare module '@secvisogram/csaf-validator-lib/validate.js' {
  interface TestResult {
    readonly name: string
    readonly isValid: boolean
    readonly errors: readonly { readonly message?: string; readonly instancePath: string }[]
  }
  /** Runs tests of CSAF 2.0, chapter 6, on a document. */
  export default function validate(
    tests: readonly unknown[],
    document: object,
  ): Promise<{ readonly isValid: boolean; readonly tests: readonly TestResult[] }>
}

declare module '@secvisogram/csaf-validator-lib/basic.js' {
  const tests: Readonly<Record<string, unknown>>
  export = tests
}
