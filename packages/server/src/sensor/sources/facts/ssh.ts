import type { SourceFact } from '../source.ts'
import { factOf } from '../text.ts'

/** What an identification line tells of its sender (RFC 4253 §4.2). */
export function bannerFacts(
  subject: SourceFact['subject'],
  banner: string | undefined,
): SourceFact[] {
  const match = /^SSH-([\d.]{1,8})-(.*)$/.exec(banner ?? '')
  if (match === null) return []
  const [, version, rest = ''] = match
  return [
    ...factOf(subject, 'ssh.banner', banner),
    ...factOf(subject, 'ssh.protocol', version),
    ...softwareFacts(subject, rest),
  ]
}

/** The same of a log that leaves the version of the protocol out. */
export function softwareFacts(
  subject: SourceFact['subject'],
  text: string | undefined,
): SourceFact[] {
  const [software, ...comment] = (text ?? '').split(' ')
  return [
    ...factOf(subject, 'ssh.software', software),
    ...factOf(subject, 'ssh.comment', comment.join(' ')),
  ]
}
