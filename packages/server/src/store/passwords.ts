import { randomInt } from 'node:crypto'
import argon2 from 'argon2'

/** Argon2id as OWASP asks for at least: 19 MiB, two passes, one lane. */
const OPTIONS = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
/** No 0, O, 1, l, I: it is read off a terminal. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const ONE_TIME_LENGTH = 16

let decoy: Promise<string> | undefined

export function hashPassword(password: string): Promise<string> {
  return argon2.hash(password, OPTIONS)
}

/** Takes as long for an account that is not there, so that names cannot be guessed by the clock. */
export async function isPassword(hash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password')
  const isRight = await argon2.verify(hash ?? (await decoy), password)
  return hash !== undefined && isRight
}

/** About 92 bits in groups of four. */
export function newOneTimePassword(): string {
  const letters = Array.from({ length: ONE_TIME_LENGTH }, () => LETTERS[randomInt(LETTERS.length)])
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-')
}
