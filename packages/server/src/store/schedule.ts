import { Logger, run, type TaskList } from 'graphile-worker'
import pg from 'pg'

export interface Schedule {
  stop(): Promise<void>
}

/**
 * Runs tasks by a crontab, one after the other, on connections of its own: the worker reads times as dates, we as numbers.
 * `name` is what the database shows of them.
 */
export async function startSchedule(
  connection: pg.ClientConfig,
  { name, tasks, crontab }: { name: string; tasks: TaskList; crontab: string },
): Promise<Schedule> {
  const pool = new pg.Pool({ ...connection, max: 3, application_name: `wardkeeper ${name}` })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const runner = await run({
    pgPool: pool,
    taskList: tasks,
    crontab,
    concurrency: 1,
    noHandleSignals: true,
    logger: new Logger(() => () => undefined),
  })
  return {
    async stop() {
      await runner.stop()
      await pool.end()
    },
  }
}
