import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { captureFolder, type AttackStep, type Device, type Hospital } from './hospital.ts'

/** A step of the attack as it was recorded, in hospital time. */
export interface AttackLine extends AttackStep {
  readonly from: string
  readonly until: string
}

const columns: Readonly<Record<string, (device: Device) => string | undefined>> = {
  mac: (device) => (device.segment === 'office' ? '' : device.mac),
  ips: ({ ip, moves = [] }) => [...new Set([ip, ...moves.map((move) => move.ip)])].join(','),
  name: ({ name }) => name,
  manufacturer: ({ truth }) => truth.manufacturer,
  model: ({ truth }) => truth.model,
  serial: ({ truth }) => truth.serial,
  firmware: ({ truth }) => truth.firmware,
  os: ({ truth }) => truth.os,
  type: ({ truth }) => truth.type,
  category: ({ truth }) => truth.category,
  place: ({ truth }) => truth.place,
  owner: ({ truth }) => truth.owner,
  says: ({ truth }) => truth.says.join(','),
  genuine: ({ truth }) => truth.genuine,
  made_up: ({ truth }) => truth.madeUp,
  advisories: ({ truth }) => truth.advisories?.join(','),
  notes: ({ truth }) => truth.notes,
}

/** Writes what each device is, what the attacker did and the invented patients. */
export function writeTruth(hospital: Hospital, attack: readonly AttackLine[]): void {
  const rows = hospital.devices.map((device) =>
    Object.values(columns).map((column) => column(device) ?? ''),
  )
  const table = [Object.keys(columns), ...rows].map((row) => row.join('\t')).join('\n')
  writeFileSync(join(captureFolder, 'truth.tsv'), `${table}\n`)
  writeFileSync(join(captureFolder, 'planted-patients.txt'), `${hospital.planted.join('\n')}\n`)

  const attacker = hospital.devices.find(({ name }) => name === hospital.attacker)
  const addressOf = (name: string) => hospital.devices.find((device) => device.name === name)?.ip
  const story = {
    attacker: { name: hospital.attacker, mac: attacker?.mac, ip: attacker?.ip },
    steps: attack.map(({ technique, name, victims, from, until }) => ({
      technique,
      name,
      from,
      until,
      victims: victims.map((victim) => ({ name: victim, ip: addressOf(victim) })),
    })),
  }
  writeFileSync(join(captureFolder, 'attack.json'), `${JSON.stringify(story, undefined, 2)}\n`)
}
