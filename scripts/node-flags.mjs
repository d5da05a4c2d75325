/**
 * How Node is started for `analyze`: what a frame leaves behind dies young, so a small nursery is enough, and less
 * memory is touched.
 */
export const ANALYZE_FLAGS = ['--max-semi-space-size=8']

/**
 * How Node is started for the program itself: a message of thousands of observations lives for a tenth of a second.
 * In a nursery of the usual size it outlives two collections and is copied each time. `package.json` says the same.
 */
export const START_FLAGS = ['--max-semi-space-size=64']
