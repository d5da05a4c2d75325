import { parentPort, workerData } from 'node:worker_threads'
import { packFacts } from '../packages/server/src/bus/packed-facts.ts'
import { publishThrough } from '../packages/server/src/sensor/thread-publish.ts'
import { batchesOf, makesOf, type HospitalSize } from './hospital-facts.ts'

/** Sends the facts of the invented hospital from a thread of its own, as a sensor does; tells how many after each message. */

const { size, makes } = workerData as {
  readonly size: HospitalSize
  readonly makes: ReturnType<typeof makesOf>
}
const port = parentPort!
const publish = publishThrough(port)
let batch = 0
for (const facts of batchesOf(size, makes)) {
  await publish({
    subject: 'observation.recorded',
    id: `obs/bench/${++batch}`,
    payload: { sensor: 'live:span0', siteId: 'main', batch, facts: packFacts(facts) },
  })
  port.postMessage({ what: 'counted', count: facts.length })
}
port.close()
