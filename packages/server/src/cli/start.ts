import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { findCaptures } from '../sensor/capture-source.ts'
import { folderSensorId, sensorIdOf } from '../sensor/sensor-ids.ts'
import {
  endSensors,
  startSensor,
  type Play,
  type SensorTask,
  type SensorThread,
} from '../sensor/thread.ts'
import { loadContent } from '../content/load.ts'
import { findInputs, type Input } from '../sensor/sources/inputs.ts'
import { startSystem, type System } from '../system.ts'
import { inTurn } from './in-turn.ts'
import { formatCount, paint, Progress } from './terminal.ts'

export interface StartOptions {
  readonly capture?: readonly string[]
  readonly interface?: string
  readonly follow?: string
  readonly netflow?: number
  readonly data: string
  readonly port: number
  readonly host: string
  readonly sample: boolean
  readonly once?: boolean
  readonly json?: boolean
}

interface Places {
  /** Root of the checkout. */
  readonly root: string
  readonly content: string
}

const SITE = 'main'

/** Runs the whole system until it is told to stop, or with `once` until the work is done. Answers with the exit code. */
export async function start(options: StartOptions & Places): Promise<number> {
  const started = performance.now()
  const isQuiet = options.json === true
  const say = (text: string) => void (isQuiet || process.stderr.write(`${text}\n`))
  const complain = (text: string) => void process.stderr.write(`wardkeeper: ${text}\n`)
  const stopping = stopSignal()
  // Named captures are looked at first: a typing error must not cost a database start.
  const named = await findInputs(options.capture ?? [])
  const isSample = options.sample && !hasOwnSource(options)
  const sample = isSample ? await sampleCaptures(options.root) : []
  // Each upload is a thread, and thirty may come at once.
  const uploads = inTurn()
  const system: System = await startSystem({
    dataDir: options.data,
    databaseUrl: process.env.DATABASE_URL,
    host: options.host,
    port: options.port,
    webFolder: join(options.root, 'packages/web/dist'),
    content: await loadContent(options.content, join(options.data, 'content')),
    sample: isSample ? join(options.content, 'sample/hospital.yaml') : undefined,
    log: say,
    // There is nothing left that could be finished.
    onLoss: (error) => {
      process.stderr.write(`wardkeeper: ${error.message}\n`)
      process.exit(1)
    },
    onCapture: (path, name) => uploads(() => replayUpload(system, path, name, say)),
  })
  const sensors: SensorThread[] = []
  try {
    const paths = [...sample.map(({ path }) => path), ...(options.capture ?? [])]
    const totals = await replayAll(system, paths, [...sample, ...named], isQuiet, stopping)
    const unfinished = replayUnfinished(system, join(options.data, 'captures'), say)
    if (options.once === true) await unfinished
    if (!stopping.isSet()) sensors.push(...(await openSensors(system, options, say)))
    if (options.once === true) return await finishOnce(system, totals.frames, started, isQuiet)
    welcome(system, options, started)
    await stopping.wait
    say('\nStopping: finishing what was begun. Ctrl-C again to break off.')
    return (await endSensors(sensors.splice(0), complain)) ? 0 : 1
  } finally {
    await endSensors(sensors, complain)
    await system.stop()
    stopping.release()
  }
}

/** True when the person said where the frames come from; then the sample hospital would only be in the way. */
function hasOwnSource(options: StartOptions): boolean {
  return [options.capture, options.interface, options.follow, options.netflow].some(
    (source) => source !== undefined,
  )
}

async function openSensors(
  system: System,
  options: StartOptions,
  log: (text: string) => void,
): Promise<SensorThread[]> {
  const { publish } = system.bus
  const siteId = SITE
  const tasks: SensorTask[] = []
  if (options.interface !== undefined)
    tasks.push({ siteId, kind: 'interface', interfaceName: options.interface })
  if (options.netflow !== undefined) tasks.push({ siteId, kind: 'netflow', port: options.netflow })
  if (options.follow !== undefined) {
    const folder = resolve(options.follow)
    const name = `${folderSensorId(folder).replace(':', '-')}.json`
    const checkpointPath = join(options.data, 'checkpoints', name)
    tasks.push({ siteId, kind: 'folder', folder, checkpointPath })
  }
  const sensors = tasks.map((task) => startSensor(task, { publish, log }))
  try {
    for (const { listening } of sensors) await listening
  } catch (error) {
    await Promise.allSettled(sensors.map((sensor) => sensor.stop()))
    throw error
  }
  return sensors
}

async function sampleCaptures(root: string): Promise<Input[]> {
  const folder = join(root, 'captures/lab')
  const names = await readdir(folder).catch((): string[] => [])
  return names.includes('hospital.pcapng') ? findCaptures([join(folder, 'hospital.pcapng')]) : []
}

/** Plays the captures that were not played to their end before; answers with the frames read now. */
async function replayAll(
  system: System,
  paths: readonly string[],
  captures: readonly Input[],
  isQuiet: boolean,
  stopping: StopSignal,
): Promise<{ frames: number }> {
  const plays: Play[] = []
  const sizes: number[] = []
  for (const capture of captures) {
    const sensor = await sensorIdOf(capture)
    if (await system.isFinished(sensor)) continue
    plays.push({ path: capture.path, name: capture.name, sensor })
    sizes.push(capture.bytes ?? 0)
  }
  const progress = new Progress(
    sizes.reduce((sum, bytes) => sum + bytes, 0),
    !isQuiet,
  )
  let position = 0
  let frames = 0
  if (plays.length > 0 && !stopping.isSet()) {
    const thread = startSensor(
      { kind: 'replay', siteId: SITE, paths, plays },
      {
        publish: system.bus.publish,
        log: (text) => void process.stderr.write(`${text}\n`),
        onProgress: (play, at) =>
          progress.show(position + at.position, frames + at.frames, plays[play]?.name ?? ''),
        onPlayed(play, outcome) {
          position += sizes[play] ?? 0
          frames += outcome.frames
          if (outcome.problem === undefined) return
          const { offset, reason } = outcome.problem
          process.stderr.write(`wardkeeper: ${plays[play]?.path}: at byte ${offset}: ${reason}\n`)
        },
      },
    )
    void stopping.wait.then(() => thread.stop()).catch(() => undefined)
    await thread.ended
  }
  await system.idle()
  progress.end()
  return { frames }
}

/**
 * Goes on with what was handed in and not read to its end when the program stopped: it was accepted. Such a file is
 * named by the id of its sensor.
 */
async function replayUnfinished(
  system: System,
  folder: string,
  say: (text: string) => void,
): Promise<void> {
  const files = await readdir(folder).catch((): string[] => [])
  for (const file of files.toSorted()) {
    const hash = /^([0-9a-f]{16})\./.exec(file)?.[1]
    if (hash === undefined) continue
    try {
      const sensor = `capture:${hash}`
      if (await system.isFinished(sensor)) continue
      await replayUpload(system, join(folder, file), (await system.nameOf(sensor)) ?? file, say)
    } catch (error) {
      say(`${file}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

async function replayUpload(
  system: System,
  path: string,
  name: string,
  say: (text: string) => void,
): Promise<void> {
  const [capture] = await findInputs([path])
  if (capture === undefined) return
  const sensor = await sensorIdOf(capture)
  const thread = startSensor(
    { kind: 'replay', siteId: SITE, paths: [path], plays: [{ path: capture.path, name, sensor }] },
    {
      publish: system.bus.publish,
      log: say,
      onPlayed: (_play, { frames }) => say(`${name}: ${formatCount(frames, 'frame')} analysed`),
    },
  )
  await thread.ended
}

async function finishOnce(
  system: System,
  frames: number,
  started: number,
  isJson: boolean,
): Promise<number> {
  await system.idle()
  const seconds = Number(((performance.now() - started) / 1000).toFixed(3))
  const summary = { ...(await system.summary()), seconds, frames }
  const lines = Object.entries(summary).map(
    ([name, value]) => `${name.padEnd(14)}${value.toLocaleString('en')}`,
  )
  process.stdout.write(isJson ? `${JSON.stringify(summary)}\n` : `${lines.join('\n')}\n`)
  return 0
}

function welcome(system: System, options: StartOptions, started: number): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const lines = [
    '',
    `  ${paint('bold', 'Wardkeeper')} is ready after ${seconds} s`,
    '',
    `  Address    ${paint('bold', system.address)}`,
    ...(system.firstAdmin === undefined
      ? []
      : [
          `  Sign in    ${system.firstAdmin.username}`,
          `  Password   ${paint('bold', system.firstAdmin.oneTimePassword)}   (works until you choose your own)`,
        ]),
    `  Data       ${process.env.DATABASE_URL === undefined ? options.data : 'the database of DATABASE_URL'}`,
    '',
    '  Ctrl-C stops it.',
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

interface StopSignal {
  readonly wait: Promise<void>
  isSet(): boolean
  release(): void
}

/** The first Ctrl-C (or SIGTERM) asks to stop; the second breaks off. */
function stopSignal(): StopSignal {
  let isSet = false
  let tell: () => void = () => {}
  const wait = new Promise<void>((resolve) => (tell = resolve))
  const onSignal = () => {
    if (isSet) process.exit(130)
    isSet = true
    tell()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    wait,
    isSet: () => isSet,
    release() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
