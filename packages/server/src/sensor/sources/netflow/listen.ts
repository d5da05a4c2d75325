import { createSocket, type Socket } from 'node:dgram'
import { Publisher, type Publish } from '../../publisher.ts'
import { NetflowDecoder } from './decoder.ts'
import { Pairing } from './pairing.ts'

const SEND_EVERY_MS = 1000
const REPORT_EVERY_MS = 5000
/** A sender's address can be forged: beyond this many, new ones are not listened to. */
const MOST_EXPORTERS = 256
const RECEIVE_BUFFER = 8 << 20

export interface NetflowOptions {
  /** UDP port; 0 takes a free one. */
  readonly port: number
  readonly host?: string
  readonly siteId: string
  readonly publish: Publish
  readonly log: (message: string) => void
  /** Addresses of exporters that are believed; all when left out. */
  readonly exporters?: readonly string[]
}

/** A NetFlow collector; `stop` hands over what was received. */
export interface NetflowListener {
  /** The port that is listened on. */
  readonly port: number
  stop(): Promise<void>
}

/**
 * Receives NetFlow v5, v9 and IPFIX over UDP. Each exporter is a sensor of its own, `netflow:<address>`, with its
 * loss counted. Rejects when the port cannot be had.
 */
export async function listenNetflow(options: NetflowOptions): Promise<NetflowListener> {
  const { host = '0.0.0.0', port, log, exporters } = options
  const known = new Map<string, Exporter>()
  let ignored = 0
  const socket = createSocket({
    type: host.includes(':') ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER,
  })
  socket.on('message', (bytes, { address }) => {
    const isWelcome = exporters === undefined || exporters.includes(address)
    const exporter = known.get(address)
    if (exporter !== undefined) return exporter.receive(bytes)
    if (!isWelcome || known.size >= MOST_EXPORTERS) {
      if (ignored++ === 0) log(`netflow: datagrams of ${address} are ignored`)
      return
    }
    const added = new Exporter(address, options)
    known.set(address, added)
    added.receive(bytes)
  })
  const bound = await bind(socket, port, host)
  socket.on('error', (error) => log(`netflow: ${error.message}`))
  const each = (work: (exporter: Exporter) => unknown) => [...known.values()].map(work)
  const sending = setInterval(() => each((exporter) => exporter.send()), SEND_EVERY_MS)
  const reporting = setInterval(
    () => each((exporter) => exporter.report('running')),
    REPORT_EVERY_MS,
  )
  return {
    port: bound,
    async stop() {
      clearInterval(sending)
      clearInterval(reporting)
      await new Promise<void>((resolve) => socket.close(() => resolve()))
      await Promise.all(each((exporter) => exporter.finish()))
    },
  }
}

function bind(socket: Socket, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(new Error(explain(error, port)))
    socket.once('error', fail)
    socket.bind(port, host, () => {
      socket.off('error', fail)
      resolve(socket.address().port)
    })
  })
}

function explain({ code, message }: NodeJS.ErrnoException, port: number): string {
  if (code === 'EADDRINUSE') return `UDP port ${port} is taken by another program: choose another`
  if (code === 'EACCES') return `UDP port ${port} may not be used: choose one above 1023`
  return `UDP port ${port}: ${message}`
}

/** One exporter: its templates, its flows, its report. */
class Exporter {
  readonly #address: string
  readonly #options: NetflowOptions
  readonly #sensor: string
  readonly #publisher: Publisher
  readonly #decoder: NetflowDecoder
  readonly #pairing: Pairing
  readonly #run = Date.now()
  readonly #seen = { first: 0, last: 0, reports: 0, flows: 0 }
  #chain: Promise<unknown> = Promise.resolve()

  constructor(address: string, options: NetflowOptions) {
    this.#address = address
    this.#options = options
    this.#sensor = `netflow:${address}`
    const origin = { sensor: this.#sensor, siteId: options.siteId, file: undefined }
    this.#publisher = new Publisher(origin, options.publish, `/${this.#run}`)
    this.#pairing = new Pairing((flow) =>
      this.#publisher.onFlow({ id: ++this.#seen.flows, ...flow }),
    )
    this.#decoder = new NetflowDecoder((flow) => this.#pairing.add(flow, Date.now()))
  }

  receive(bytes: Uint8Array): void {
    this.#seen.last = Date.now()
    if (this.#seen.first === 0) this.#seen.first = this.#seen.last
    this.#decoder.datagram(bytes)
  }

  send(): Promise<unknown> {
    this.#pairing.sweep(Date.now())
    this.#publisher.cut()
    this.#chain = this.#chain.then(() => this.#publisher.send()).catch(this.#complain)
    return this.#chain
  }

  async finish(): Promise<void> {
    this.#pairing.flush()
    await this.send()
    await this.report('finished')
  }

  /** `frames` are datagrams here. */
  report(state: 'running' | 'finished'): Promise<void> {
    const { first, last } = this.#seen
    const { counters } = this.#decoder
    return this.#options
      .publish({
        subject: 'sensor.reported',
        id: `sensor/${this.#sensor}/${this.#run}/${++this.#seen.reports}`,
        payload: {
          sensor: this.#sensor,
          kind: 'netflow',
          name: this.#address,
          state,
          frames: counters.datagrams,
          ...this.#publisher.totals,
          ...(first > 0 ? { firstFrame: first, lastFrame: last } : {}),
          counters: { ...counters, flowsWaiting: this.#pairing.size },
        },
      })
      .catch(this.#complain)
  }

  readonly #complain = (error: unknown): void => {
    this.#options.log(`${this.#sensor}: ${String(error)}`)
  }
}
