import { expect, test } from 'vitest'
import {
  changesOf,
  demandDecidable,
  demandUnchanged,
  demandUnprotected,
  demandWithdrawable,
  stepToProtection,
  type Proposal,
} from './proposal.ts'

const proposal: Proposal = {
  state: 'open',
  proposedBy: 'ann',
  changes: { state: ['active', 'retired'], owner: [null, 'Radiology'] },
}

test('only what differs is a change', () => {
  expect(
    changesOf({ unit: 'ICU', room: null }, { unit: 'ICU', room: '4', owner: 'Biomed' }),
  ).toEqual({ room: [null, '4'], owner: [null, 'Biomed'] })
  expect(changesOf({ unit: 'ICU' }, { unit: null })).toEqual({ unit: ['ICU', null] })
  expect(() => changesOf({ unit: 'ICU' }, { unit: 'ICU', room: null })).toThrow('nothing-changes')
})

test('a protected field is not written at once', () => {
  expect(() => demandUnprotected(proposal.changes, new Set(['room']))).not.toThrow()
  expect(() => demandUnprotected(proposal.changes, new Set(['state', 'room']))).toThrow(
    /field-protected: state/,
  )
})

test('author and approver are never the same, and one decision is enough', () => {
  expect(() => demandDecidable(proposal, 'bob')).not.toThrow()
  expect(() => demandDecidable(proposal, 'ann')).toThrow('approver-is-author')
  expect(() => demandDecidable({ ...proposal, state: 'refused' }, 'bob')).toThrow(
    'proposal-not-open',
  )
})

test('a proposal does not write over what changed after it was made', () => {
  expect(() => demandUnchanged(proposal, { state: 'active', owner: null })).not.toThrow()
  expect(() => demandUnchanged(proposal, { state: 'active', owner: 'Lab' })).toThrow(/owner is now/)
})

test('only its author takes a proposal back', () => {
  expect(() => demandWithdrawable(proposal, 'ann')).not.toThrow()
  expect(() => demandWithdrawable(proposal, 'bob')).toThrow('not-the-author')
})

test('a field is protected at once, and set free by two', () => {
  const free = { isProtected: false, proposedBy: undefined }
  const held = { isProtected: true, proposedBy: undefined }
  const wished = { isProtected: true, proposedBy: 'ann' }
  expect(stepToProtection(true, free, 'ann')).toBe('set')
  expect(stepToProtection(true, wished, 'bob')).toBe('set')
  expect(stepToProtection(false, free, 'ann')).toBe('set')
  expect(stepToProtection(false, held, 'ann')).toBe('propose')
  expect(() => stepToProtection(false, wished, 'ann')).toThrow('approver-is-author')
  expect(stepToProtection(false, wished, 'bob')).toBe('approve')
})
