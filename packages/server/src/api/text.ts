import type { FastifyRequest } from 'fastify'
import { ApiError } from './errors.ts'

/** Refuses NUL, which PostgreSQL does not hold, and half of a surrogate pair, which UTF-8 does not. */
export function demandText({ params, query, body }: FastifyRequest): void {
  // A list, not recursion: how deep a body is nested is decided by whoever sent it.
  const open: unknown[] = [params, query, body]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string') {
      if (value.includes('\0') || !value.isWellFormed()) {
        throw new ApiError('invalid-input', ['input: it holds a character that is no text'])
      }
    } else if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) {
      for (const part of Object.values(value)) open.push(part)
    }
  }
}
