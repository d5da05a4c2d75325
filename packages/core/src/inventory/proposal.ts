import { Refusal } from '../refusal.ts'

/** Fields of a device that people write; each may be protected, so that a second person must approve. */
export const DECLARED_FIELDS = [
  'unit',
  'room',
  'owner',
  'contract',
  'warrantyUntil',
  'state',
  'condition',
] as const
export type DeclaredField = (typeof DECLARED_FIELDS)[number]

export const PROPOSAL_STATES = ['open', 'approved', 'refused', 'withdrawn'] as const
export type ProposalState = (typeof PROPOSAL_STATES)[number]

/** What each field was and shall be; null: nothing is written there. */
export type FieldChanges = Readonly<
  Record<string, readonly [before: string | null, after: string | null]>
>

export interface Proposal {
  readonly state: ProposalState
  readonly proposedBy: string
  readonly changes: FieldChanges
}

type Values = Readonly<Record<string, string | null>>

/** What would change; refused when nothing would. */
export function changesOf(current: Values, wanted: Values): FieldChanges {
  const changes = Object.fromEntries(
    Object.entries(wanted)
      .filter(([field, value]) => (current[field] ?? null) !== value)
      .map(([field, value]) => [field, [current[field] ?? null, value] as const]),
  )
  if (Object.keys(changes).length === 0) {
    throw new Refusal('nothing-changes', ['The device carries these values already.'])
  }
  return changes
}

/** Refuses to write fields that need a second person. */
export function demandUnprotected(
  changes: FieldChanges,
  protectedFields: ReadonlySet<string>,
): void {
  const held = Object.keys(changes).filter((field) => protectedFields.has(field))
  if (held.length === 0) return
  throw new Refusal(
    'field-protected',
    held.map((field) => `${field}: it needs a second person; propose the change instead.`),
  )
}

/** Checks that this person may decide, and that what was proposed still fits what is there. */
export function demandDecidable(proposal: Proposal, userId: string): void {
  demandOpen(proposal)
  if (proposal.proposedBy === userId) {
    throw new Refusal('approver-is-author', [
      'Who proposed a change cannot decide on it; ask somebody else.',
    ])
  }
}

/** Refuses to write over a value that changed after the proposal was made. */
export function demandUnchanged({ changes }: Proposal, current: Values): void {
  const moved = Object.entries(changes).filter(
    ([field, [before]]) => (current[field] ?? null) !== before,
  )
  if (moved.length === 0) return
  throw new Refusal(
    'changed-meanwhile',
    moved.map(
      ([field]) =>
        `${field} is now "${current[field] ?? 'nothing'}". Refuse this proposal and make a new one.`,
    ),
  )
}

/** Only the author may take a proposal back. */
export function demandWithdrawable(proposal: Proposal, userId: string): void {
  demandOpen(proposal)
  if (proposal.proposedBy !== userId) {
    throw new Refusal('not-the-author', ['Only who proposed a change can take it back.'])
  }
}

/** What asking for a field to be protected or not leads to: at once, a wish that waits, or another's wish approved. */
export type ProtectionStep = 'set' | 'propose' | 'approve'

/** One person alone takes no protection away: a second one has to ask for the same. */
export function stepToProtection(
  wanted: boolean,
  field: { readonly isProtected: boolean; readonly proposedBy: string | undefined },
  userId: string,
): ProtectionStep {
  if (wanted || !field.isProtected) return 'set'
  if (field.proposedBy === undefined) return 'propose'
  if (field.proposedBy === userId) {
    throw new Refusal('approver-is-author', [
      'You asked for it yourself: it is in force when a second person asks for the same.',
    ])
  }
  return 'approve'
}

function demandOpen({ state }: Proposal): void {
  if (state === 'open') return
  throw new Refusal('proposal-not-open', [`The proposal is ${state} already.`])
}
