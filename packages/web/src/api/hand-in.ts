import { type Route, problem } from '@wardkeeper/contract'
import { CallFailed, type CallInput, type CallOutput, pathOf } from './call.ts'

/** Hands in one file through a route that takes multipart. */
export async function handIn<R extends Route>(
  route: R,
  input: CallInput<R>,
  file: File,
): Promise<CallOutput<R>> {
  const form = new FormData()
  form.append('file', file, file.name)
  const response = await send(pathOf(route, input), route.method, form)
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) {
    const known = problem.safeParse(body)
    throw new CallFailed(known.success ? known.data : unexpected(response.status))
  }
  const answer = route.response.safeParse(body)
  if (answer.success) return answer.data as CallOutput<R>
  throw new CallFailed({
    ...unexpected(response.status),
    detail: 'Reload the page: the server may have been upgraded.',
  })
}

async function send(url: string, method: string, body: FormData): Promise<Response> {
  try {
    return await fetch(url, { method, body, credentials: 'same-origin' })
  } catch {
    throw new CallFailed({
      status: 0,
      code: 'unreachable',
      title: 'The file did not arrive',
      detail: 'The connection broke. Try again; nothing of the file was kept.',
    })
  }
}

function unexpected(status: number) {
  return {
    status,
    code: 'upload-failed',
    title: 'The server could not use the file',
    detail: `It answered ${status}. Nothing of the file was kept.`,
  }
}
