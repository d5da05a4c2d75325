import type { Step } from './method.ts'

/** A value with what it would be at best and at worst where something is not known: low <= assumed <= high. */
export interface Span {
  readonly low: number
  readonly assumed: number
  readonly high: number
}

export const NOTHING: Span = { low: 0, assumed: 0, high: 0 }

export function exactly(value: number): Span {
  return { low: value, assumed: value, high: value }
}

/** An unknown between the best and the worst of these. */
export function unknownAmong(values: readonly number[], assumed: number): Span {
  return { low: Math.min(...values), assumed, high: Math.max(...values) }
}

export function mapSpan(span: Span, change: (value: number) => number): Span {
  return { low: change(span.low), assumed: change(span.assumed), high: change(span.high) }
}

export function zipSpans(
  spans: readonly Span[],
  combine: (values: readonly number[]) => number,
): Span {
  return {
    low: combine(spans.map(({ low }) => low)),
    assumed: combine(spans.map(({ assumed }) => assumed)),
    high: combine(spans.map(({ high }) => high)),
  }
}

export function isExact({ low, high }: Span): boolean {
  return low === high
}

export function stepValue(steps: readonly Step[], figure: number): number {
  return steps.findLast(({ from }) => from <= figure)?.value ?? 0
}
