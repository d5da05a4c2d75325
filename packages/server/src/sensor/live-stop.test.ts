import { expect, test } from 'vitest'
import { listen } from './live.ts'

test('a sensor whose capturing process was killed ends while it waits to begin again', async () => {
  const logged: string[] = []
  const died = Promise.withResolvers<void>()
  const states: unknown[] = []
  const sensor = listen({
    interfaceName: 'none0',
    siteId: 'main',
    capturers: [
      { name: 'ring', command: 'sh', args: ['-c', 'kill -KILL $$'], askSignal: undefined },
    ],
    log(text) {
      logged.push(text)
      died.resolve()
    },
    publish({ payload }) {
      states.push((payload as { state: unknown }).state)
      return Promise.resolve()
    },
  })
  await died.promise
  expect(logged[0]).toContain('trying again')
  await sensor.stop()
  expect(states).toEqual(['finished'])
})
