import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a device is, for `truth.tsv`. Empty text means: not stated by the device, or not applicable. */
export interface Truth {
  readonly manufacturer: string
  readonly model: string
  readonly serial?: string
  readonly firmware?: string
  readonly os?: string
  readonly type: string
  readonly category: string
  readonly place?: string
  readonly owner?: string
  /** Advisory id and verdict pairs, `ICSMA-20-317-01 affected`. */
  readonly advisories?: readonly string[]
  /** Attributes that its traffic, or the maker in its MAC, states to someone who only listens. */
  readonly says: readonly string[]
  readonly genuine: string
  readonly madeUp: string
  readonly notes?: string
}

export interface Dhcp {
  readonly client: 'dhclient' | 'udhcpc'
  readonly vendorClass?: string
  readonly hostname?: string
  /** Option codes of the parameter request list, in order. */
  readonly request: readonly number[]
}

/** A shell line run in the device's namespace, or an HL7 message sent over MLLP. */
export type Action =
  | string
  | { readonly sh: string; readonly days: readonly number[] }
  | { readonly hl7: string; readonly to: string; readonly days?: readonly number[] }

export interface Service {
  readonly kind: string
  readonly [option: string]: unknown
}

export interface Device {
  readonly name: string
  readonly mac: string
  /** The address; with `dhcp` it is the one that the server reserves, by day when it moves. */
  readonly ip: string
  readonly moves?: readonly { readonly day: number; readonly ip: string }[]
  readonly dhcp?: Dhcp
  readonly segment?: 'clinical' | 'office'
  readonly ipv6?: boolean
  /** First session in which it is there. */
  readonly from?: number
  readonly runs?: readonly Service[]
  readonly does?: readonly Action[]
  readonly truth: Truth
}

export interface AttackStep {
  readonly technique: string
  readonly name: string
  readonly victims: readonly string[]
  readonly sh: string
}

export interface Hospital {
  readonly domain: string
  readonly router: string
  readonly dhcpServer: string
  readonly planted: readonly string[]
  /** Start of each recorded session, ISO time of the hospital. */
  readonly sessions: readonly string[]
  readonly after: Readonly<
    Record<string, { at: string; truth: Readonly<Record<string, Partial<Truth>>> }>
  >
  readonly tags: readonly TagRule[]
  readonly attacker: string
  readonly attack: readonly AttackStep[]
  readonly devices: readonly Device[]
}

/** 802.1Q tag put on frames from these devices (`from`), or to them as well (`both`). */
export interface TagRule {
  readonly vlan: number
  readonly direction: 'from' | 'both'
  readonly devices: readonly string[]
}

export const labFolder = import.meta.dirname
export const captureFolder = join(labFolder, '../captures/lab')

export function loadHospital(): Hospital {
  return JSON.parse(readFileSync(join(labFolder, 'hospital.json'), 'utf8')) as Hospital
}

/** Address of a device in a session; sessions count from 1. */
export function addressOn(device: Device, day: number): string {
  return device.moves?.findLast((move) => move.day <= day)?.ip ?? device.ip
}

/** Fills `{{name}}` from the device and its truth, so that a version is written once. */
export function fill(text: string, device: Device, more: Readonly<Record<string, string>> = {}) {
  const words: Readonly<Record<string, unknown>> = { ...device, ...device.truth, ...more }
  return text.replace(/\{\{(\w+)\}\}/g, (_, word: string) => {
    const value = words[word]
    if (typeof value !== 'string')
      throw new Error(`${device.name}: nothing to fill {{${word}}} with`)
    return value
  })
}

/** The same device with other facts, for the recordings made after the service visit. */
export function withTruth(device: Device, truth: Partial<Truth> | undefined): Device {
  return truth === undefined ? device : { ...device, truth: { ...device.truth, ...truth } }
}
