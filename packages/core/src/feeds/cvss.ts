import calculator from 'ae-cvss-calculator'
import type { ScoredVector } from './facts.ts'

const { Cvss2, Cvss3P0, Cvss3P1, Cvss4P0 } = calculator

/** Base score of a CVSS vector of version 2, 3.0, 3.1 or 4.0 by its specification; undefined for what is no vector. */
export function scoreOf(vector: string): number | undefined {
  try {
    const score = calculate(vector.trim())
    return score !== undefined && Number.isFinite(score) ? score : undefined
  } catch {
    return undefined
  }
}

function calculate(vector: string): number | undefined {
  switch (versionOf(vector)) {
    case '4.0':
      return new Cvss4P0(vector).calculateScores().overall
    case '3.1':
      return new Cvss3P1(vector).calculateScores().base
    case '3.0':
      return new Cvss3P0(vector).calculateScores().base
    case '2.0':
      return new Cvss2(vector.replaceAll(/[()]/g, '')).calculateScores().base
    default:
      return undefined
  }
}

/** `2.0`, `3.0`, `3.1`, `4.0`; undefined for what is no vector. */
export function versionOf(vector: string): string | undefined {
  const found = /^CVSS:(3\.0|3\.1|4\.0)\//.exec(vector)?.[1]
  if (found !== undefined) return found
  return /^\(?AV:[LAN]\/AC:[HML]\/Au:[MSN]\//.test(vector) ? '2.0' : undefined
}

/** A vector held against the score that its source states: both are kept where they differ. */
export function scoreVector(
  vector: string,
  stated: number | undefined,
  source: string,
): ScoredVector | undefined {
  const version = versionOf(vector)
  const score = scoreOf(vector)
  if (version === undefined || score === undefined) return undefined
  const isOther = stated !== undefined && Math.abs(stated - score) > 0.05
  return { version, vector, score, source, ...(isOther && { stated }) }
}

/** Newest version of CVSS first, each vector of a source once. */
export function sortVectors(vectors: readonly ScoredVector[]): readonly ScoredVector[] {
  const once = new Map(vectors.map((one) => [`${one.vector} ${one.source}`, one]))
  return [...once.values()].toSorted(
    (a, b) => Number(b.version) - Number(a.version) || b.score - a.score,
  )
}
