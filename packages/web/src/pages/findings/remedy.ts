import { say } from '../../ui/words.ts'

const DEEDS: Readonly<Record<string, string>> = {
  patch: 'Install the maker\u2019s fix for',
  mitigate: 'Apply the maker\u2019s mitigation for',
  mitigation: 'Apply the maker\u2019s mitigation for',
  workaround: 'Apply the maker\u2019s workaround for',
  none: 'No fix exists: protect against',
  'none-available': 'No fix exists: protect against',
  configure: 'Change the settings:',
  isolate: 'Isolate',
  recall: 'Carry out recall',
  'ask-maker': 'Hold it against the maker, or take what was seen away:',
  replace: 'Replace what is no longer supported:',
}

/** What would end a finding, as a deed: `patch:ICSMA-20-317-01` to "Install the maker's fix for ICSMA-20-317-01". */
export function sayRemedy({
  remedy,
  subject,
  kind,
}: {
  readonly remedy: string
  readonly subject: string
  readonly kind: string
}): string {
  const [deed = '', ...rest] = remedy.split(':')
  const what = saySubject({ subject, kind })
  const words = DEEDS[deed]
  if (words) return `${words} ${what}`
  return rest.length === 0 ? `${say(remedy)}: ${what}` : `${say(deed)}: ${what}`
}

/** What a finding is about, as words. */
export function saySubject({
  subject,
  kind,
}: {
  readonly subject: string
  readonly kind: string
}): string {
  if (kind === 'mds2') return `MDS2 ${subject.slice(subject.indexOf('/') + 1)}`
  return kind === 'weakness' ? say(subject) : subject
}
