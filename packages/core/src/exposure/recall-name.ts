import { rangeOfList, VERSIONS } from './recall-range.ts'
import { isTelling, wordsOf } from './words.ts'

const LABEL =
  /\b(?:Models?(?: ?(?:Numbers?|Nos?\.?|#))?|REF\b(?:\s*(?:Numbers?|#))?|Catalog(?:ue)?(?:\/Part)?(?: (?:Numbers?|Nos?\.?|#))?|Cat\.?(?: ?(?:Nos?\.?|#))?|Product (?:Codes?|Catalog Numbers?|List\/Model)|Part (?:Numbers?|Nos?\.?|#)|P\/N|List(?=\s*#)|Material (?:Numbers?|Nos?\.?|#)|Item (?:Numbers?|Nos?\.?|#)|exterior carton codes?|Device Listing Number)[\s:#.]*/gi
/** A number that a catalogue or a label carries: with digits, no version. */
export const CODE =
  /(?<![\w.-])#?([A-Z]{0,8}-?\d[\dA-Z]*(?:[-/][\dA-Z]+)*|[A-Z]{2,}(?:-[A-Z]{2,})*-[\dA-Z]*\d[\dA-Z-]*)(?![\w.]*\.\d)/g

export function isCode(code: string): boolean {
  const digits = code.replace(/\D/g, '').length
  if (code.length < 4 || digits < 2) return false
  if (/^(?:19|20)\d\d$/.test(code)) return false
  return code.length >= 5 || /^[A-Z]+-?\d{3,}/.test(code)
}

/** Numbers that a label announces, as far as the list goes. */
const LABELLED = new RegExp(`${LABEL.source}(?:${CODE.source}(?:\\s*(?:,|and|&)\\s*)?)+`, 'gi')

function isCompany(text: string): boolean {
  return /^[\w .&'-]*\b(?:Healthcare|Inc|Corp(?:oration)?|Medical Solutions|Medical Systems)\.?$/i.test(
    text.trim(),
  )
}

/** What only says of which kind a thing is. */
const KIND =
  /\b(?:automat(?:ed|ic)|external|implantable|cardioverter|defibrillators?|cardiographs?|continuous|hemodialysis|computed|tomography|x-?ray|emission|nuclear|magnetic resonance|diagnostic|imaging|pacemakers?|physiological|chemistry|immunoassay|analy[sz]ers?|analy[sz]ing|processing|ambulatory|syringe|therapy|i\.?v\.?|in vitro|packaged|transmitters?|programmers?|patient|monitors?|monitoring|systems?|software|ventilators?|devices?|instruments?|brand|resting|electrocardiographs?|infusion|pumps?|models?|used|with|using|running|for|the|sold|under|following|product|names?|image|radiolog(?:y|ical)(?= image)|ct\/spect|spect\/ct(?= system)|washer-? ?disinfectors?|flow cytometers?|volume|left heart support|blood|labeled|components?|equipped|versions?|revisions?|installed|in|all|of|(?<!\b[A-Z]\w+ )as|corresponding|codes?|units?|meters?|biphasic|anesthesia|delivery|operating|clinical|network|part|scanners?|medical|healthcare|ultrasound|data manager)\b/gi
/** `ROSA Surgical Device 2.5.8 ROSA Surgical Device` says the name once more. */
const TWICE = /^([A-Z][\w +-]{3,60}?) (\d+(?:\.\d+)+) \1\s*$/

/** The name of a recalled product without kind, numbers and versions; `Radiology Solutions 14.0` ends with its version. */
export function nameOfRecalled(text: string): { readonly name: string; readonly version?: string } {
  const bare = text
    .replace(TWICE, '$1 $2')
    .replace(/\s:\s/g, ' ')
    .replace(/\((?:tm|r)\)|\bTM\b/gi, ' ')
    .replace(/^[A-Z][\w .]* Models: (?=[A-Z][a-z])/, '')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(VERSIONS, ' ')
    .replace(/\(([^()]*)\)/g, (_, inner: string) =>
      /^(?:[A-Za-z][A-Za-z0-9 +-]{1,20}|[A-Z]\w+(?: [A-Z]\w*)* (?:and|or) [A-Z]\w+(?: [A-Z]\w*)*)$/.test(
        inner,
      )
        ? ` (${inner}) `
        : ' ',
    )
  const parts = bare
    .split(/,\s|:\s|\s-\s|(?<=[\w)])-\s|\.\s|\.$/)
    .filter((part) => !isCompany(part))
  // `Clinical Chemistry, ABX Pentra 400` begins with what it is.
  const own = parts.find((part) => strip(part) !== '') ?? parts[0] ?? ''
  const afterLabel = /^\s*(?:Models?(?: Numbers?)?[:\s]*)?[A-Z]{0,3}\d{3,}\w*[,\s]+(.+)$/i.exec(
    bare,
  )
  const isNamed = own.replace(LABEL, ' ').replace(CODE, ' ').trim().length > 2
  const chosen = (isNamed ? own : (afterLabel?.[1] ?? own)).replace(LABELLED, ' ')
  const tail =
    /^(.*?[A-Za-z].*?)\s+((?:\d+\.\d+[\w.]*)(?:(?:\s*,\s*|\s+and\s+|\s+or\s+)\d+\.\d+[\w.]*)*)(?<!\dT\w*)\s*$/.exec(
      chosen.replace(/\b(?:workstations?|db server|software|program)\s*$/i, ''),
    )
  const bareName = withoutSentence(strip(withoutAccessory(tail?.[1] ?? chosen)))
  const name = KIND_ALONE.test(bareName) ? plainWords(tail?.[1] ?? chosen) : bareName
  const version = tail?.[2] === undefined ? undefined : rangeOfList(tail[2])
  return version === undefined ? { name } : { name, version }
}

/** What is no name without the words around it: `Ultrasound Navigation`, `Core Software`. */
const KIND_ALONE = /^(?:Navigation|Integration|Core|Workstations?|Modules?|Application|Interface)$/

function plainWords(text: string): string {
  return text
    .replace(LABELLED, ' ')
    .replace(/[^\w/+-]+/g, ' ')
    .trim()
}

/** A name and nothing else: words that begin with a capital or a number. */
const NAME_ALONE = /^(?:(?:[A-Z\d+(-]\S*|to|of|and|for|with)(?:\s+|$))+$/

/**
 * What a recalled product is called besides, behind a comma: `DX-S` of `CR DX-S, DX-S`, and the kit of `AVVIGO+ Guidance
 * System, AVVIGO II TO AVVIGO MOB UPGRADE US`. Undefined where what follows begins with another word.
 */
export function variantOfRecalled(text: string, name: string): string | undefined {
  const own = wordsOf(name)
  const parts = text
    .replace(/\.\s.*$/s, '')
    .split(/,\s+/)
    .slice(1)
  return parts
    .filter((part) => NAME_ALONE.test(part) && part.search(VERSIONS) < 0)
    .map(strip)
    .find((part) => {
      const [first = '', ...rest] = wordsOf(part)
      return rest.length > 0 && own.includes(first) && isTelling(first) && part !== name
    })
}

/** `Spectrum IQ with Dose IQ Safety Software` is the Spectrum IQ. */
function withoutAccessory(text: string): string {
  const [head = ''] = text.split(/\s(?:with|WITH|With)\s(?!\s*[A-Z]{1,4}\d)/)
  return /[A-Z]\w{2,}/.test(strip(head)) ? head : text
}

/** What is left of a name without labels, codes and words of kind. */
function strip(text: string): string {
  return text
    .replace(LABEL, ' ')
    .replace(CODE, (code, own: string) => (isCode(own) && !isPartOfName(own) ? ' ' : code))
    .replace(KIND, ' ')
    .replace(/[^\p{L}\p{N}+/&()®.-]+/gu, ' ')
    .replace(/\(\s*\)/g, ' ')
    .replace(/(?:^|\s)[\d.]*\)?(?=\s*$)|(?<=\s)[./&-]+(?=\s)|^\W+/g, (piece) =>
      /\d/.test(piece) ? piece : ' ',
    )
    .replace(/\s+/g, ' ')
    .trim()
}

/** `Surgisis peripheral vascular patch` is the Surgisis: small words behind a name tell what it does. */
function withoutSentence(name: string): string {
  const own = name.replace(/(?<=[A-Z\d]\S*) \(?[a-z/]{2,}(?: \S*){0,2}? [a-z/]{4,}\b.*$/, (rest) =>
    /^ (?:plus|iii?|iv)\b/.test(rest) ? rest : '',
  )
  // What is only said to be a scanner has no name.
  return /^(?:This|Intended|(?:PET|CT|SPECT|MRI?|and|UPGRADE|\W)+)$/.test(own) ? '' : own
}

/** `MX400/MX450` are names of sisters, `M3535A` and `1006-9300-000` numbers of a catalogue. */
function isPartOfName(code: string): boolean {
  return !code.includes('-') && !/^[A-Z]?\d{6,}/.test(code)
}
