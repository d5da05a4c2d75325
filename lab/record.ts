import { randomInt } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import * as lab from './hospital.ts'
import * as net from './network.ts'
import { commandOf, type Room } from './services.ts'
import { readPcap, withTag, writePcapng, type Frame } from './pcap.ts'
import { writeTruth, type AttackLine } from './truth.ts'

/**
 * Records the sample hospital: builds the network, plays each session with genuine software, moves each
 * session to its hospital day and writes `captures/lab/`. Needs root, Linux and the packages of README.md.
 */
const hospital = lab.loadHospital()
const work = mkdtempSync(join(tmpdir(), 'wardkeeper-lab-'))
chmodSync(work, 0o755) // daemons that drop their privileges read their files here
const resolver = join(work, 'resolv.conf')
writeFileSync(resolver, 'nameserver 10.20.10.5\noptions timeout:1 attempts:1\n')
const packages = process.env['LAB_PACKAGES'] ?? join(tmpdir(), 'wardkeeper-lab-packages')
const say = (text: string) => process.stderr.write(`${text}\n`)

interface Session {
  readonly name: string
  /** Number of the day, from 1; after-recordings count on. */
  readonly day: number
  readonly at: number
  readonly devices: readonly lab.Device[]
  readonly hasAttack: boolean
}

interface Recorded {
  readonly frames: readonly Frame[]
  readonly attack: readonly AttackLine[]
}

/** The days to play, for a trial of the lab: LAB_DAYS=1,8. */
const onlyDays = process.env['LAB_DAYS']?.split(',').map(Number)

function roomOf(device: lab.Device, { day, devices }: Session): Room {
  const folder = join(work, device.name)
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  return { domain: hospital.domain, devices, folder, day, packages }
}

/** Yyyymmddhhmmss of the hospital, for message and study times. */
function stamp(session: Session, started: number): string {
  const now = new Date(session.at + Date.now() - started)
  return now.toISOString().replace(/\D/g, '').slice(0, 14)
}

function wordsFor(device: lab.Device, time: string): Record<string, string> {
  const hex = device.mac.replaceAll(':', '').toUpperCase()
  return {
    time,
    control: String(randomInt(1e6, 1e7)),
    heart: String(randomInt(62, 95)),
    oxygen: String(randomInt(93, 100)),
    breath: String(randomInt(11, 19)),
    rate: String(randomInt(20, 125)),
    digit: String(randomInt(0, 10)),
    eui64: `${hex.slice(0, 6)}FFFE${hex.slice(6)}`,
    bacnet: `NODE_PATH=${packages}/node_modules ${process.execPath} ${lab.labFolder}/peer-bacnet.cjs`,
    study: `bash ${lab.labFolder}/send-study.sh`,
  }
}

function lineOf(action: lab.Action, device: lab.Device, room: Room, time: string): string {
  const words = wordsFor(device, time)
  const shell = typeof action === 'string' ? action : 'sh' in action ? action.sh : undefined
  if (shell !== undefined)
    return `export STAMP=${time} MIBS=; cd ${room.folder}; ${lab.fill(shell, device, words)}`
  const { hl7, to } = action as { hl7: string; to: string }
  const [host = '', port = ''] = to.split(':')
  const file = join(room.folder, `${hl7}.hl7`)
  const template = readFileSync(join(lab.labFolder, 'messages', `${hl7}.hl7`), 'utf8')
  writeFileSync(file, lab.fill(template, device, words))
  return `mllp_send --loose -p ${port} -f ${file} ${host}`
}

function dhcpLine(device: lab.Device, dhcp: lab.Dhcp, room: Room): string {
  const bound = join(lab.labFolder, 'dhcp-bound.sh')
  const { vendorClass, hostname, request } = dhcp
  const pid = join(room.folder, 'dhcp.pid')
  if (dhcp.client === 'udhcpc') {
    const asked = request.map((code) => `-O ${code}`).join(' ')
    const named = hostname === undefined ? '' : `-x hostname:${hostname}`
    return `ip -4 addr flush dev eth0; udhcpc -i eth0 -o ${asked} ${named} -V '${vendorClass ?? ''}' -s ${bound} -n -q -t 4 -T 2`
  }
  const config = [
    `option asked code 55 = array of unsigned integer 8;`,
    `send asked ${request.join(', ')};`,
    ...(vendorClass === undefined ? [] : [`send vendor-class-identifier "${vendorClass}";`]),
    ...(hostname === undefined ? [] : [`send host-name "${hostname}";`]),
    `send dhcp-client-identifier 1:${device.mac};`,
  ]
  writeFileSync(join(room.folder, 'dhclient.conf'), config.join('\n'))
  const files = `-cf ${room.folder}/dhclient.conf -lf ${room.folder}/leases -pf ${pid}`
  return `rm -f ${pid}; dhclient -1 -q ${files} -sf ${bound} eth0; sleep 0.3; kill $(cat ${pid})`
}

/** One device's part of a session: take an address, then its actions in turn with pauses. */
async function live(device: lab.Device, session: Session, started: number): Promise<void> {
  const room = roomOf(device, session)
  const log = join(room.folder, 'log')
  const namespace = net.namespaceOf(device)
  const run = async (line: string) => {
    const status = await net.runInside(namespace, line, {
      log,
      hostname: device.name,
      resolver,
      seconds: 25,
    })
    writeFileSync(log, `[${session.name}] exit ${status}: ${line.slice(0, 300)}\n`, { flag: 'a' })
  }
  await sleep(randomInt(100, 2500))
  if (device.dhcp) await run(dhcpLine(device, device.dhcp, room))
  for (const action of device.does ?? []) {
    if (typeof action !== 'string' && action.days && !action.days.includes(session.day)) continue
    await sleep(randomInt(200, 2200))
    await run(lineOf(action, device, room, stamp(session, started)))
  }
}

async function attack(session: Session, started: number): Promise<AttackLine[]> {
  const attacker = session.devices.find(({ name }) => name === hospital.attacker)
  if (!session.hasAttack || attacker === undefined) return []
  const room = roomOf(attacker, session)
  const log = join(room.folder, 'log')
  const lines: AttackLine[] = []
  for (const step of hospital.attack) {
    const begin = Date.now()
    const line = `cd ${room.folder}; export MIBS=; ${step.sh}`
    await net.runInside(net.namespaceOf(attacker), line, {
      log,
      hostname: 'kali',
      resolver,
      seconds: 60,
    })
    const [from, until] = [begin, Date.now()].map((time) => new Date(session.at + time - started))
    lines.push({ ...step, from: from?.toISOString() ?? '', until: until?.toISOString() ?? '' })
    await sleep(700)
  }
  return lines
}

async function play(session: Session): Promise<Recorded> {
  say(`${session.name}: ${session.devices.length} devices`)
  const file = join(work, `${session.name}.pcap`)
  const log = join(work, 'capture.log')
  const listen = `exec tcpdump -i ${net.clinicalBridge} -s 0 -U -Z root -w ${file}`
  const captured = net.runInside(net.bridges, listen, { log })
  await sleep(700)
  const started = Date.now()
  for (const device of session.devices) {
    const room = roomOf(device, session)
    for (const service of device.runs ?? []) {
      const options = { log: join(room.folder, 'log'), hostname: device.name, resolver }
      void net.runInside(net.namespaceOf(device), commandOf(device, service, room), options)
    }
  }
  await sleep(3500)
  await Promise.all(session.devices.map((device) => live(device, session, started)))
  const steps = await attack(session, started)
  await sleep(1000)
  net.stopInside(session.devices.map(net.namespaceOf))
  net.stopInside([net.bridges])
  await captured
  const move = session.at - started
  const frames = readPcap(readFileSync(file)).map(({ time, bytes }) => ({
    time: time + move * 1000,
    bytes: tagged(bytes),
  }))
  say(`${session.name}: ${frames.length} frames in ${Math.round((Date.now() - started) / 1000)} s`)
  return { frames, attack: steps }
}

const macOf = new Map(hospital.devices.map(({ name, mac }) => [name, mac]))

function tagged(frame: Uint8Array): Uint8Array {
  const address = (at: number) =>
    Buffer.from(frame.subarray(at, at + 6))
      .toString('hex')
      .replace(/..(?=.)/g, '$&:')
  const [to, from] = [address(0), address(6)]
  for (const { vlan, direction, devices } of hospital.tags) {
    const macs = devices.map((name) => macOf.get(name))
    if (macs.includes(from) || (direction === 'both' && macs.includes(to)))
      return withTag(frame, vlan)
  }
  return frame
}

function sessionsOf(): { main: Session[]; after: Session[] } {
  const main = hospital.sessions.map((at, index) => {
    const day = index + 1
    const devices = hospital.devices.filter(({ from = 1 }) => from <= day)
    const hasAttack = day === hospital.sessions.length
    return { name: `day-${day}`, day, at: Date.parse(at), devices, hasAttack }
  })
  const day = main.length + 1
  const after = Object.entries(hospital.after).map(([name, { at, truth }]) => {
    const left = hospital.devices.filter((device) => device.name !== hospital.attacker)
    const devices = left.map((device) => lab.withTruth(device, truth[device.name]))
    return { name, day, at: Date.parse(at), devices, hasAttack: false }
  })
  return { main, after }
}

function save(name: string, frames: readonly Frame[], comment: string): void {
  const file = join(lab.captureFolder, `${name}.pcapng`)
  const inOrder = frames.toSorted((a, b) => a.time - b.time)
  writeFileSync(file, writePcapng(inOrder, comment))
  say(`wrote ${file}: ${frames.length} frames`)
}

async function record(): Promise<void> {
  const { main, after } = sessionsOf()
  net.buildNetwork(hospital.devices, hospital.router)
  const played: Recorded[] = []
  for (const session of main.filter(({ day }) => onlyDays?.includes(day) ?? true))
    played.push(await play(session))
  mkdirSync(lab.captureFolder, { recursive: true })
  const comment = 'Wardkeeper lab: genuine software in network namespaces; see captures/SOURCES.md'
  save(
    'hospital',
    played.flatMap(({ frames }) => frames),
    comment,
  )
  writeTruth(
    hospital,
    played.flatMap((one) => one.attack),
  )
  for (const session of after) save(session.name, (await play(session)).frames, comment)
}

function preparePackages(): void {
  if (existsSync(join(packages, 'node_modules/node-bacnet'))) return
  mkdirSync(packages, { recursive: true })
  const made = spawnSync('npm', ['install', '--prefix', packages, 'node-bacnet@0.2.4'], {
    stdio: 'inherit',
  })
  if (made.status !== 0)
    throw new Error('npm could not install node-bacnet, which speaks BACnet in the lab')
}

function cleanUp(): void {
  net.removeNetwork()
  if (process.env['LAB_KEEP'] === undefined) rmSync(work, { recursive: true, force: true })
  else say(`kept ${work}`)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.once('exit', cleanUp)
if (process.getuid?.() !== 0) {
  say('Recording makes network namespaces, so it must run as root.')
  process.exit(2)
}
preparePackages()
await record()
