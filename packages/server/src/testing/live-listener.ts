// A live sensor alone: `node live-listener.ts INTERFACE [ring|tcpdump]`. Prints a line of JSON for each report of the sensor and one at the end,
// which comes when its standard input closes.
import type { PackedFacts } from '../bus/packed-facts.ts'
import { capturersFor, listen } from '../sensor/live.ts'

const [interfaceName = '', kind] = process.argv.slice(2)
const seen = { flows: 0, facts: 0 }
const print = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`)

const sensor = listen({
  interfaceName,
  siteId: 'main',
  capturers: capturersFor(interfaceName).filter(({ name }) => kind === undefined || name === kind),
  log: (text) => process.stderr.write(`${text}\n`),
  publish: async ({ subject, payload }) => {
    const { flows, facts } = payload as { flows?: unknown[]; facts?: PackedFacts }
    if (subject === 'sensor.reported') print(payload as object)
    if (subject === 'flow.summarized') seen.flows += flows!.length
    if (subject === 'observation.recorded') seen.facts += facts!.value.length
  },
})
process.stdin.resume()
process.stdin.on('end', () => {
  void sensor.stop().then(() => {
    const { user, system } = process.cpuUsage()
    print({ ...seen, cpuSeconds: (user + system) / 1e6 })
  })
})
