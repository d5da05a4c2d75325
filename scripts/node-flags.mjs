/**
 * How Node is started for `analyze`: what a frame leaves behind dies young, so a small nursery is enough, and less
 * memory is touched. What reading held is let go before devices are made of it, for which it asks by `gc`.
 */
export const ANALYZE_FLAGS = ['--max-semi-space-size=4', '--expose-gc']

/**
 * What malloc of the GNU C library is told for `analyze`: one arena, so that threads of the collector and the compiler
 * leave no memory of their own behind, and pieces from 128 KiB on lie by themselves and go back when they are freed (it would
 * raise that bound to 32 MiB with the first large one). Nothing to other systems.
 */
export const ANALYZE_ENVIRONMENT = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' }

/**
 * How Node is started for the program itself: a message of thousands of observations lives for a tenth of a second.
 * In a nursery of the usual size it outlives two collections and is copied each time. `package.json` says the same.
 */
export const START_FLAGS = ['--max-semi-space-size=64']
