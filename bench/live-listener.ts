// The listening half of bench/live.ts: prints what the sensor counted once its standard input closes.
import { listen } from '../packages/server/src/sensor/live.ts'

let last: Record<string, unknown> = {}
const sensor = listen({
  interfaceName: process.argv[2]!,
  siteId: 'main',
  log: (text) => process.stderr.write(`${text}\n`),
  publish: async ({ subject, payload }) => {
    if (subject === 'sensor.reported') last = payload as Record<string, unknown>
  },
})
process.stdin.resume()
process.stdin.on('end', () => void sensor.stop().then(print))

function print(): void {
  const counters = last['counters'] as Record<string, number>
  const { kernelDrops, interfaceDrops } = counters
  const cpu = process.cpuUsage()
  process.stdout.write(
    JSON.stringify({
      frames: last['frames'],
      flows: last['flows'],
      observations: last['observations'],
      problem: last['problem'],
      kernelDrops,
      interfaceDrops,
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
    }),
  )
}
