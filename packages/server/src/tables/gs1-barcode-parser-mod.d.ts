/** The part of the library that is used; it comes without types. */
declare module 'gs1-barcode-parser-mod' {
  const library: {
    parseBarcode(text: string): {
      readonly parsedCodeItems: readonly {
        readonly ai: string
        readonly raw: string
        readonly isoDate: string
      }[]
    }
  }
  export default library
}
