import type { Capturer } from './capturer.ts'

const KERNEL_BUFFER_KIB = 65_536

/** tcpdump, which gives up all privileges but the open socket (`-Z`). */
export function captureWithTcpdump(interfaceName: string): Capturer {
  const drop = process.getuid?.() === 0 ? ['-Z', 'nobody'] : []
  const buffer = String(KERNEL_BUFFER_KIB)
  return {
    name: 'tcpdump',
    command: 'tcpdump',
    // Each packet is written out at once (-U): asking a tcpdump that writes in blocks for the rest (SIGUSR2) tears its output.
    args: ['-i', interfaceName, '-s', '262144', '-B', buffer, '-U', '-n', '-w', '-', ...drop],
    askSignal: 'SIGUSR1',
  }
}
