import type { Problem } from '@wardkeeper/contract'

/** Every error of the API by its code: status and title. Rules that refuse bring their own codes (409). */
export const ERRORS = {
  busy: [503, 'Somebody changed the same thing at this moment; try again'],
  'cross-site': [403, 'This request comes from another web site'],
  'database-away': [
    503,
    'The database does not answer at the moment; look in a minute whether your change was made',
  ],
  'disk-full': [507, 'The disk of the server is full; make room there, then try again'],
  'feed-refused': [422, 'This was refused, and nothing was changed'],
  internal: [500, 'Something went wrong here; the log says what'],
  'invalid-input': [400, 'The input cannot be used'],
  'no-such-route': [404, 'There is no such address'],
  'not-a-document': [415, 'Only PDF, PNG, JPEG, text and office files are kept'],
  'not-a-capture': [415, 'This file is no capture'],
  'not-a-table': [415, 'This table cannot be read'],
  'not-an-image': [415, 'This file is neither PNG nor JPEG'],
  'not-allowed': [403, 'Your roles do not allow this'],
  'not-found': [404, 'There is no such thing, or you may not see it'],
  'not-signed-in': [401, 'Sign in first'],
  'password-change-required': [403, 'Choose a password of your own first'],
  'too-large': [413, 'This is too large'],
  'too-many-attempts': [429, 'Too many attempts; wait a little'],
  'username-taken': [409, 'An account of this name exists'],
  'wrong-credentials': [401, 'User name or password is wrong'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>

export type ErrorCode = keyof typeof ERRORS

/** An error that the caller is told about. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly reasons: readonly string[]

  constructor(code: ErrorCode, reasons: readonly string[] = []) {
    super(`${code}: ${reasons.join(' ')}`)
    this.name = 'ApiError'
    this.code = code
    this.reasons = reasons
  }
}

/** The body of an error answer (RFC 9457). */
export function problemOf(code: ErrorCode, reasons: readonly string[] = []): Problem {
  const [status, title] = ERRORS[code]
  return problem(code, status, title, reasons)
}

export function problem(
  code: string,
  status: number,
  title: string,
  reasons: readonly string[],
): Problem {
  return {
    type: `urn:wardkeeper:error:${code}`,
    title,
    status,
    code,
    ...(reasons.length === 0 ? {} : { detail: reasons.join(' '), reasons: [...reasons] }),
  }
}
