/** Resources that a search ends with (DICOM PS3.18 §8.2). */
const LEVELS: readonly string[] = ['studies', 'series', 'instances']
const WORK_ITEMS = 'workitems'
/** In the target of every request that may be one, so that no other is taken apart. */
const MARKS: readonly string[] = ['/studies', '/series', '/instances', '/workitems', 'requestType=']
const LONGEST_TARGET = 4096
const MOST_SEGMENTS = 32

/**
 * The service of DICOMweb that a request asks for (PS3.18 §9 to 11), by method and form of its path: a search ends with a
 * kind of resource, a retrieval with one that is named. Nothing of what it names leaves this function.
 */
export function dicomwebService(method: string, target: string): string | undefined {
  if (target.length > LONGEST_TARGET || !MARKS.some((mark) => target.includes(mark))) {
    return undefined
  }
  const query = target.indexOf('?')
  const isGet = method === 'GET'
  if (query >= 0 && isGet && target.includes('requestType=WADO', query)) return 'wado-uri'
  const path = query < 0 ? target : target.slice(0, query)
  const segments = path.split('/', MOST_SEGMENTS).filter((segment) => segment !== '')
  const first = segments.findIndex((segment) => LEVELS.includes(segment) || segment === WORK_ITEMS)
  if (first < 0) return undefined
  if (segments[first] === WORK_ITEMS) return 'ups-rs'
  if (method === 'POST') {
    return segments[first] === 'studies' && first >= segments.length - 2 ? 'stow-rs' : undefined
  }
  if (!isGet) return undefined
  return LEVELS.includes(segments.at(-1)!) ? 'qido-rs' : 'wado-rs'
}
