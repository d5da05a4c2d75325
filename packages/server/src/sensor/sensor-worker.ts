import { existsSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { follow } from './follow.ts'
import { listen } from './live.ts'
import type { Publish } from './publisher.ts'
import { replayCapture } from './replay.ts'
import { findInputs } from './sources/inputs.ts'
import { listenNetflow } from './sources/netflow/listen.ts'
import { publishThrough } from './thread-publish.ts'
import type { SensorTask, Told } from './thread.ts'

/** One sensor, in a thread of its own (`startSensor`). */

if (parentPort === null) throw new Error('This is a thread of the program.')
const port = parentPort
const task = workerData as SensorTask
const stopping = Promise.withResolvers<void>()
let isStopping = false
port.on('message', ({ what }: { readonly what: string }) => {
  if (what !== 'stop') return
  isStopping = true
  stopping.resolve()
})

const tell = (told: Told) => port.postMessage(told)
const publish = publishThrough(port)
if (task.kind === 'replay') await replay(task, publish)
else {
  const sensor = await open(task, publish)
  tell({ what: 'listening' })
  await stopping.promise
  await sensor.stop()
}
port.close()

async function open(task: Exclude<SensorTask, { kind: 'replay' }>, publish: Publish) {
  const common = {
    siteId: task.siteId,
    publish,
    log: (text: string) => tell({ what: 'log', text }),
  }
  switch (task.kind) {
    case 'interface':
      return listen({ ...common, interfaceName: task.interfaceName })
    case 'folder':
      return await follow({ ...common, folder: task.folder, checkpointPath: task.checkpointPath })
    case 'netflow':
      return await listenNetflow({ ...common, port: task.port })
  }
}

async function replay(
  { siteId, paths, plays }: Extract<SensorTask, { kind: 'replay' }>,
  publish: Publish,
): Promise<void> {
  // What went away since it was looked at is told as any file that cannot be read, and the others are played.
  const found = await findInputs(paths.filter((path) => existsSync(path)))
  const inputs = new Map(found.map((input) => [input.path, input]))
  tell({ what: 'listening' })
  for (const [play, { path, name, sensor }] of plays.entries()) {
    if (isStopping) break
    const input = inputs.get(path) ?? { path, bytes: 0 }
    const outcome = await replayCapture(
      { ...input, name },
      { sensor, siteId, publish, onProgress: (at) => tell({ what: 'progress', play, at }) },
    )
    tell({ what: 'played', play, outcome })
  }
}
