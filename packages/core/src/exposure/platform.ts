import type { Device } from '../vocabulary.ts'

/** Systems of Microsoft as advisories name them: `Windows 7`, `Windows Server 2008 R2`. */
const SYSTEM =
  /\bwindows (?:server )?(?:(?:19|20)\d\d(?: r2)?|xp|vista|nt|ce|embedded|\d+(?:\.\d)?)(?![\w.])/gi
const BASED = /\s+\(?(windows [^()]*?)[- ]based\)?/i

/** `SPECT/CT Systems Windows XP-Based`: the product, and the system that only some of them run. */
export function systemOfName(product: string): { readonly name: string; readonly system?: string } {
  const system = BASED.exec(product)?.[1]
  if (system === undefined) return { name: product }
  return { name: product.replace(BASED, '').trim(), system }
}

/**
 * Whether a device runs a system that a text names. What is more than the system (`with IIS 7.5`), or an example of
 * many (`such as Windows 2000`), leaves it open.
 */
export function answerOfSystem(device: Device, text: string): 'in' | 'out' | 'maybe' {
  const wanted = systemsIn(text)
  const own = systemsIn(`${device.os ?? ''} ${device.model} ${device.version ?? ''}`)
  if (own.length === 0 || wanted.length === 0) return 'maybe'
  const isMet = own.some((one) => wanted.includes(one))
  if (/\bsuch as\b|\be\.g\./i.test(text)) return isMet ? 'in' : 'maybe'
  if (!isMet) return 'out'
  return /\bwith\b/i.test(text) ? 'maybe' : 'in'
}

function systemsIn(text: string): readonly string[] {
  return [...text.matchAll(SYSTEM)].map((found) => found[0].toLowerCase())
}
