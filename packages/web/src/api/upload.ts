import { addCapture, problem } from '@wardkeeper/contract'
import { CallFailed, type CallOutput } from './call.ts'

/** Hands in a capture file. `onProgress` gets 0 to 1; `fetch` cannot tell how much of a body is sent. */
export function uploadCapture(
  file: File,
  onProgress: (share: number) => void,
): Promise<CallOutput<typeof addCapture>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const form = new FormData()
    form.append('file', file, file.name)
    request.open(addCapture.method, addCapture.path)
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress(total > 0 ? loaded / total : 0),
    )
    request.addEventListener('load', () => {
      const body = jsonOf(request.responseText)
      const answer = addCapture.response.safeParse(body)
      if (request.status < 300 && answer.success) resolve(answer.data)
      else reject(failureOf(request.status, body))
    })
    request.addEventListener('error', () => reject(failureOf(0, undefined)))
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

function failureOf(status: number, body: unknown): CallFailed {
  const known = problem.safeParse(body)
  if (known.success) return new CallFailed(known.data)
  return new CallFailed({
    status,
    code: 'upload-failed',
    title: 'The file did not arrive',
    detail:
      status === 0
        ? 'The connection broke. Try again; nothing of the file was kept.'
        : `The server answered ${status}. Is it a pcap or pcapng file?`,
  })
}
