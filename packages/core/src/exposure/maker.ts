import { normalizeName } from '../identity/vocabulary.ts'
import { tellingWords } from './name.ts'

/** Finds the maker behind a spelling; the compiled vocabulary of manufacturers is one. */
export interface MakerNames {
  manufacturerOf(
    spelling: string,
  ): { readonly name: string; readonly aliases: readonly string[] } | undefined
}

/** The makers that a vendor field names, `BMC Medical, 3B Medical` being two; never empty. */
export function makerKeys(vendor: string, makers: MakerNames | undefined): readonly string[] {
  const whole = makers?.manufacturerOf(vendor)
  if (whole) return [whole.name]
  const parts = vendor
    .split(/\s*(?:[,;/&]|\band\b)\s*/i)
    .filter((part) => normalizeName(part) !== '')
  const named = parts.flatMap((part) => makers?.manufacturerOf(part)?.name ?? [])
  const plain = [vendor, ...parts].map(normalizeName)
  return [...new Set([...named, ...plain])]
}

/** Words of the makers' own names, which their product names may or may not repeat. */
export function makerWords(
  spellings: readonly string[],
  makers: MakerNames | undefined,
): ReadonlySet<string> {
  const known = spellings.flatMap((spelling) => makers?.manufacturerOf(spelling) ?? [])
  const aliases = known
    .flatMap(({ name, aliases: others }) => [name, ...others])
    .filter((alias) => tellingWords(alias).length > 1)
  return new Set([...spellings, ...known.map(({ name }) => name), ...aliases].flatMap(tellingWords))
}
