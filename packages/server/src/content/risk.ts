import path from 'node:path'
import { riskMethod } from '@wardkeeper/contract'
import { checkMethod, type RiskMethod, type SupportEnd } from '@wardkeeper/core'
import { z } from 'zod'
import { readChecked } from './read.ts'

/** How scores are made, as the product comes with it. */
export interface RiskContent {
  readonly method: RiskMethod
  readonly operatingSystems: readonly SupportEnd[]
}

const supportEnds = z.array(
  z.strictObject({
    name: z.string().min(1),
    names: z.array(z.string().min(1)).min(1),
    ends: z.iso.date(),
  }),
)

export async function loadRisk(folder: string): Promise<RiskContent> {
  const file = path.join(folder, 'method.yaml')
  const method = await readChecked(file, riskMethod)
  const [contradiction] = checkMethod(method)
  if (contradiction !== undefined) throw new Error(`${file}: ${contradiction}`)
  return {
    method,
    operatingSystems: await readChecked(path.join(folder, 'operating-systems.yaml'), supportEnds),
  }
}
