/** A program that holds the privilege to capture, so that this one needs none: it writes a pcap stream to standard output. */
export interface Capturer {
  readonly name: 'ring' | 'tcpdump'
  readonly command: string
  readonly args: readonly string[]
  /**
   * Makes it say on standard error what was lost, in tcpdump's words; undefined where it says so by itself every second.
   * It says so at its end too.
   */
  readonly askSignal: NodeJS.Signals | undefined
}

/** With this exit code a capturer says that it cannot read such an interface at all: another one may. */
export const CANNOT = 78

const KERNEL_DROPS = /(\d+) packets? dropped by kernel/g
const INTERFACE_DROPS = /(\d+) packets? dropped by interface/g

/** What capturers say that they lost, over their restarts: `kernelDrops` had no room in the kernel's buffer, `interfaceDrops` were lost before. */
export class DropCounter {
  readonly counters = { kernelDrops: 0, interfaceDrops: 0 }
  #before = { kernelDrops: 0, interfaceDrops: 0 }

  read(words: string): void {
    const newest = (pattern: RegExp) => Number([...words.matchAll(pattern)].at(-1)?.[1] ?? 0)
    this.counters.kernelDrops = this.#before.kernelDrops + newest(KERNEL_DROPS)
    this.counters.interfaceDrops = this.#before.interfaceDrops + newest(INTERFACE_DROPS)
  }

  /** The next process counts from zero again. */
  keep(): void {
    this.#before = { ...this.counters }
  }
}
