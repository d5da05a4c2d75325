import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Capturer } from './capturer.ts'

/** Where the set-up leaves the compiled addon; absent where there is no C compiler or no Linux. */
export const ADDON = resolve(import.meta.dirname, '../../../dist/af-packet.node')

/** A ring shared with the kernel, in a process of its own; undefined where the addon was not built. */
export function captureWithRing(interfaceName: string): Capturer | undefined {
  if (!existsSync(ADDON)) return undefined
  return {
    name: 'ring',
    command: process.execPath,
    args: [resolve(import.meta.dirname, 'ring-process.ts'), interfaceName],
    askSignal: undefined,
  }
}
