/**
 * How Node is started for `analyze`: what a frame leaves behind dies young, so a small nursery is enough, and less
 * memory is touched.
 */
export const ANALYZE_FLAGS = ['--max-semi-space-size=8']
