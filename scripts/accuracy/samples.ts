import type { Knowledge } from '../../packages/core/src/index.ts'
import type { Statement } from '../../packages/core/src/identity/evidence.ts'
import { evidenceOf, identifyDevice, readDevices, type SeenDevice } from './identify-capture.ts'
import { isSame, judge, MEASURED, type Measured, type Outcome } from './judge.ts'
import type { TrueDevice } from './truth.ts'

/** A device in one capture, with what was seen of it there. */
export interface Sample {
  readonly device: TrueDevice
  readonly capture: string
  /** Undefined where the capture shows nothing of the device. */
  readonly seen: SeenDevice | undefined
}

/** Evidence about one attribute whose truth is known. */
export interface Question {
  readonly family: string
  readonly attribute: Measured
  readonly statements: readonly Statement[]
  readonly share: number
  isRight(value: string): boolean
}

/** Reads each capture once and finds the devices in it. */
export async function readSamples(devices: readonly TrueDevice[]): Promise<Sample[]> {
  const read = new Map<string, Promise<SeenDevice[]>>()
  const samples: Sample[] = []
  for (const device of devices) {
    for (const capture of device.captures) {
      const known = read.get(capture) ?? readDevices(capture)
      read.set(capture, known)
      samples.push({ device, capture, seen: findDevice(device, await known) })
    }
  }
  return samples
}

/** By MAC or address; without either the end that most flows go to. */
function findDevice({ key }: TrueDevice, seen: readonly SeenDevice[]): SeenDevice | undefined {
  if (key === undefined) return seen.toSorted((one, other) => other.served - one.served)[0]
  return seen.find(({ macs, ips }) => macs.includes(key) || ips.includes(key))
}

/** What the product claims of each sample, against the truth. */
export function judgeSamples(samples: readonly Sample[], knowledge: Knowledge): Outcome[] {
  return samples.flatMap(({ device, capture, seen }) => {
    const claims = seen ? identifyDevice(seen, knowledge).claims : []
    return judge(device, capture, claims, knowledge.vocabulary)
  })
}

/** The evidence of each sample by attribute, to fit weights on. */
export function questionsOf(samples: readonly Sample[], knowledge: Knowledge): Question[] {
  return samples.flatMap(({ device, seen }) => {
    if (!seen) return []
    const all = evidenceOf(seen, knowledge)
    return MEASURED.flatMap((attribute) => {
      const truth = device[attribute]
      const statements = all.filter((each) => each.attribute === attribute)
      if (truth === undefined || statements.length === 0) return []
      return {
        family: device.family,
        attribute,
        statements,
        share: 1 / device.captures.length,
        isRight: (value) => isSame(attribute, value, truth, knowledge.vocabulary),
      }
    })
  })
}
