import { addCapture, addImport, problem, type Route } from '@wardkeeper/contract'
import { CallFailed, type CallInput, type CallOutput, pathOf } from './call.ts'

type Progress = (share: number) => void

/** Hands in a capture file. */
export function uploadCapture(
  file: File,
  onProgress: Progress,
): Promise<CallOutput<typeof addCapture>> {
  return uploadFile(addCapture, {}, file, onProgress, 'Is it a pcap or pcapng file?')
}

/** Hands in a table of devices. */
export function uploadTable(
  file: File,
  onProgress: Progress,
): Promise<CallOutput<typeof addImport>> {
  return uploadFile(addImport, {}, file, onProgress, 'Is it a CSV or XLSX file?')
}

/** Sends one file. `onProgress` gets 0 to 1; `fetch` cannot tell how much of a body is sent. */
export function uploadFile<R extends Route>(
  route: R,
  input: CallInput<R>,
  file: File,
  onProgress: Progress = () => undefined,
  question = 'Is it the right kind of file?',
): Promise<CallOutput<R>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const form = new FormData()
    form.append('file', file, file.name)
    request.open(route.method, pathOf(route, input))
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress(total > 0 ? loaded / total : 0),
    )
    request.addEventListener('load', () => {
      const body = jsonOf(request.responseText)
      const answer = route.response.safeParse(body)
      if (request.status < 300 && answer.success) resolve(answer.data as CallOutput<R>)
      else reject(failureOf(request.status, body, question))
    })
    request.addEventListener('error', () => reject(failureOf(0, undefined, question)))
    request.send(form)
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function failureOf(status: number, body: unknown, question: string): CallFailed {
  const known = problem.safeParse(body)
  if (known.success) return new CallFailed(known.data)
  return new CallFailed({
    status,
    code: 'upload-failed',
    title: 'The file did not arrive',
    detail:
      status === 0
        ? 'The connection broke. Try again; nothing of the file was kept.'
        : `The server answered ${status}. ${question}`,
  })
}
