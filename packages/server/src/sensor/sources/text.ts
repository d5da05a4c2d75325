import { isIPv4, isIPv6, SocketAddress } from 'node:net'
import { printable } from '@wardkeeper/dissect'
import type { SourceFact } from './source.ts'

/** The fact, or none when there is no value or no subject to tell it of. */
export function factOf(
  subject: SourceFact['subject'],
  field: string,
  text: string | undefined,
): SourceFact[] {
  const value = text === undefined ? '' : printable(text)
  if (value === '' || (subject.mac === undefined && subject.ip === undefined)) return []
  return [{ subject, field, value }]
}

/** Subject of one address or both; text that is no address is left out. */
export function subjectOf(mac: string | undefined, ip: string | undefined): SourceFact['subject'] {
  return { ...(mac === undefined ? {} : { mac }), ...(ip === undefined ? {} : { ip }) }
}

/** A MAC in any common notation as `aa:bb:cc:dd:ee:ff`; undefined for anything else, and for zero and broadcast. */
export function macOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 24) return undefined
  const digits = /^[\da-f]{1,2}(?::[\da-f]{1,2}){5}$/i.test(text)
    ? text
        .split(':')
        .map((part) => part.padStart(2, '0'))
        .join('')
    : text.replaceAll(/[-.:]/g, '')
  if (!/^[\da-f]{12}$/i.test(digits) || /^(?:0{12}|f{12})$/i.test(digits)) return undefined
  return digits.toLowerCase().replaceAll(/(..)(?=.)/g, '$1:')
}

/** An IP address in canonical text (RFC 5952); undefined for anything else. */
export function ipOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (isIPv4(text)) return text
  const bare = text.split('%', 1)[0]!
  if (!isIPv6(bare)) return undefined
  return new SocketAddress({ address: bare, family: 'ipv6' }).address
}

/** `ipOf`, but only of one host: no group, broadcast, unspecified or loopback address. */
export function hostOf(text: string | undefined): string | undefined {
  const ip = ipOf(text)
  return ip === undefined || isGroup(ip) || /^(?:0\.|127\.|::1?$)/.test(ip) ? undefined : ip
}

/** Multicast or limited broadcast. */
export function isGroup(ip: string): boolean {
  return /^(?:22[4-9]|23\d)\.|^255\.255\.255\.255$|^ff/i.test(ip)
}

const ZONED = /(?:Z|[+-]\d{2}:?\d{2})$/

/**
 * Microseconds since 1970 of a time as ISO 8601 writes it (also with a blank, a comma, or a zone without its colon). A
 * time without a zone is taken as that of this machine. Undefined when it is no time.
 */
export function microsOf(text: string | undefined): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/.exec(
    text?.trim() ?? '',
  )
  if (parts === null) return undefined
  const [, day, clock, fraction = '', zone = ''] = parts
  const withColon = ZONED.test(zone) ? zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2') : ''
  const milliseconds = Date.parse(`${day}T${clock}${withColon}`)
  if (Number.isNaN(milliseconds)) return undefined
  return milliseconds * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
}

/** A whole number within limits; undefined for anything else. */
export function countOf(
  text: string | undefined,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined
  const value = Number(text)
  return value <= most ? value : undefined
}
