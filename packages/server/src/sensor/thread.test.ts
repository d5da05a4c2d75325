import { createSocket } from 'node:dgram'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Packed } from '../bus/packed.ts'
import type { Publish } from './publisher.ts'
import { replayCapture } from './replay.ts'
import { findInputs } from './sources/inputs.ts'
import { endSensors, startSensor, type SensorTask } from './thread.ts'

const CAPTURE = join(import.meta.dirname, '../../../../captures/lab/hospital.pcapng')
const SENSOR = 'capture:0123456789abcdef'

interface Kept {
  readonly subject: string
  readonly id: string
  readonly payload: unknown
}

/** What is published, as it would be read from the bus; reports carry the time of the run. */
function keep(): { readonly publish: Publish; readonly kept: Kept[] } {
  const kept: Kept[] = []
  const publish: Publish = async ({ subject, id, payload }) => {
    const text = payload instanceof Packed ? payload.text : JSON.stringify(payload)
    if (subject !== 'sensor.reported') kept.push({ subject, id, payload: JSON.parse(text) })
  }
  return { publish, kept }
}

const taskOf = (path: string): SensorTask => ({
  kind: 'replay',
  siteId: 'main',
  paths: [path],
  plays: [{ path, name: 'hospital.pcapng', sensor: SENSOR }],
})

test.skipIf(!existsSync(CAPTURE))(
  'a thread tells of a capture what this one would, in the same messages and order',
  async () => {
    const here = keep()
    const [input] = await findInputs([CAPTURE])
    const outcome = await replayCapture(
      { ...input!, name: 'hospital.pcapng' },
      { sensor: SENSOR, siteId: 'main', publish: here.publish },
    )
    const there = keep()
    const played: unknown[] = []
    const seen = { progress: 0 }
    const thread = startSensor(taskOf(CAPTURE), {
      publish: there.publish,
      log: () => undefined,
      onProgress: () => void seen.progress++,
      onPlayed: (play, at) => void played.push([play, at]),
    })
    await thread.listening
    await thread.ended
    expect(here.kept.length).toBeGreaterThan(1)
    expect(there.kept).toEqual(here.kept)
    expect(played).toEqual([[0, outcome]])
    expect(seen.progress).toBeGreaterThan(0)
  },
)

test.skipIf(!existsSync(CAPTURE))(
  'what cannot be stored ends the replay with the reason',
  async () => {
    const thread = startSensor(taskOf(CAPTURE), {
      publish: () =>
        Promise.reject(Object.assign(new Error('no space left on the disk'), { code: '53100' })),
      log: () => undefined,
    })
    await expect(thread.ended).rejects.toMatchObject({
      message: 'no space left on the disk',
      code: '53100',
    })
  },
)

test.skipIf(!existsSync(CAPTURE))(
  'a file that went away is named, and the others are played',
  async () => {
    const one = taskOf(CAPTURE)
    if (one.kind !== 'replay') throw new Error('Another task.')
    const gone = '/nowhere/gone.pcap'
    const played: (string | undefined)[] = []
    const thread = startSensor(
      {
        ...one,
        paths: [gone, CAPTURE],
        plays: [{ path: gone, name: 'gone.pcap', sensor: 'capture:1' }, ...one.plays],
      },
      {
        publish: () => Promise.resolve(),
        log: () => undefined,
        onPlayed: (_play, { problem }) => void played.push(problem?.reason),
      },
    )
    await thread.ended
    expect(played).toEqual([expect.stringContaining('/nowhere/gone.pcap'), undefined])
  },
)

test.skipIf(!existsSync(CAPTURE))(
  'a replay that is asked to stop ends after the input in hand',
  async () => {
    const two = taskOf(CAPTURE)
    if (two.kind !== 'replay') throw new Error('Another task.')
    const played: number[] = []
    const thread = startSensor(
      { ...two, plays: [two.plays[0]!, two.plays[0]!] },
      {
        publish: () => Promise.resolve(),
        log: () => undefined,
        onPlayed: (play) => void played.push(play),
      },
    )
    await thread.listening
    await thread.stop()
    expect(played).toEqual([0])
  },
)

test('a port that is taken is said before anything is listened to; one that is free is let go at the end', async () => {
  const socket = createSocket('udp4')
  const port = await new Promise<number>((resolve) =>
    socket.bind(0, '0.0.0.0', () => resolve(socket.address().port)),
  )
  const options = { publish: () => Promise.resolve(), log: () => undefined }
  const task: SensorTask = { kind: 'netflow', siteId: 'main', port }
  const taken = startSensor(task, options)
  await expect(taken.listening).rejects.toThrow('is taken')
  await new Promise<void>((resolve) => socket.close(() => resolve()))
  const free = startSensor(task, options)
  await free.listening
  await free.stop()
  const again = createSocket('udp4')
  await new Promise<void>((resolve) => again.bind(port, '0.0.0.0', () => resolve()))
  await new Promise<void>((resolve) => again.close(() => resolve()))
})

test('a sensor that breaks at its end is told, and the others end', async () => {
  const ended: string[] = []
  const told: string[] = []
  const good = { stop: async () => void ended.push('good') }
  const bad = { stop: () => Promise.reject(new Error('no space left on the disk')) }
  expect(await endSensors([bad, good], (text) => void told.push(text))).toBe(false)
  expect(ended).toEqual(['good'])
  expect(told).toEqual([expect.stringContaining('no space left on the disk')])
  expect(await endSensors([good], (text) => void told.push(text))).toBe(true)
  expect(told).toHaveLength(1)
})
