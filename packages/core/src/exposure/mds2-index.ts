import { findContradictions, type SeenOfDevice } from '../feeds/mds2-contradiction.ts'
import type { Mds2Claim, Mds2Form } from '../feeds/mds2.ts'
import type { Advisory, Device, Evidence, Ground, Severity } from '../vocabulary.ts'
import { indexAdvisories } from './advisory-index.ts'
import type { MakerNames } from './maker.ts'
import { match } from './match.ts'

/** A claim of the maker's security statement that the network contradicts. */
export interface Contradiction {
  /** `mds2.contradiction/RMOT-1` */
  readonly subject: string
  readonly severity: Severity
  readonly reason: string
  /** What the network showed. */
  readonly evidence: readonly Evidence[]
  /** What the form says. */
  readonly ground: Ground
}

export interface Mds2Index {
  /** True while there is no form at all. */
  readonly isEmpty: boolean
  /** Forms of the maker and model, the latest first; of the version too where it is known. */
  formsFor(device: Device): readonly Mds2Form[]
  /** What the latest form that answers a question claims against what was seen. */
  findContradicted(device: Device, seen: SeenOfDevice): readonly Contradiction[]
}

/** Reads security statements once, so that any number of devices can be held against them. */
export function indexMds2(forms: readonly Mds2Form[], makers?: MakerNames): Mds2Index {
  const byId = new Map(forms.map((form) => [form.id, form]))
  const index = indexAdvisories(forms.map(asAdvisory), makers)
  const formsFor = (device: Device, isSure: boolean) => {
    const meant = match(device, index).filter(
      ({ verdict }) => verdict === 'affected' || (!isSure && verdict === 'possibly-affected'),
    )
    return [...new Set(meant.flatMap(({ advisoryId }) => byId.get(advisoryId) ?? []))].toSorted(
      (one, other) => ((one.released ?? '') < (other.released ?? '') ? 1 : -1),
    )
  }
  return {
    isEmpty: forms.length === 0,
    formsFor: (device) => formsFor(device, false),
    findContradicted(device, seen) {
      // A statement for another version is held against nobody: it has to be sure that it is this one.
      const found = new Map<string, Contradiction>()
      const answered = new Set<string>()
      for (const form of formsFor(device, true)) {
        const open = form.claims.filter(
          ({ id, answer }) => answer !== 'unanswered' && !answered.has(id),
        )
        for (const { id } of open) answered.add(id)
        for (const one of findContradictions({ ...form, claims: open }, seen)) {
          const { code, severity, reason, evidence } = one
          const ground = groundOf(form, code, device, reason)
          found.set(code, { subject: code, severity, reason, evidence, ground })
        }
      }
      return [...found.values()]
    },
  }
}

function groundOf(form: Mds2Form, code: string, { version }: Device, reason: string): Ground {
  const id = code.slice(code.indexOf('/') + 1)
  const claim = form.claims.find((one) => one.id === id)
  return {
    matcher: 'mds2',
    pid: id,
    vendor: form.manufacturer,
    product: form.models.join(', '),
    ...(claim !== undefined && { leaf: sayClaim(claim) }),
    range: form.range,
    ...(version !== undefined && { version }),
    cves: [],
    verdict: 'affected',
    reason: `${reason} Source: MDS2 of ${form.edition}, document ${form.documentId || 'without a number'}${form.released === undefined ? '' : ` of ${form.released}`}.`,
  }
}

/** The answer as the form has it: `RMOT-1: No (disabled as delivered)`. */
export function sayClaim({ id, raw, note }: Mds2Claim): string {
  return `${id}: ${raw}${note === undefined ? '' : ` (${note})`}`.slice(0, 500)
}

function asAdvisory({ id, manufacturer, models, range, released }: Mds2Form): Advisory {
  const day = released ?? ''
  return {
    id,
    kind: 'csaf',
    source: manufacturer,
    revision: '1',
    published: day,
    updated: day,
    products: models.map((product, at) => ({
      pid: String(at),
      vendor: manufacturer,
      product,
      range,
      cves: [],
    })),
    vulnerabilities: [],
    remedies: [],
    link: '',
  }
}
