import { unpack } from '../decode.ts'
import type { Cursor, FeedDocument, FetchContext } from '../feed.ts'

/** Fetches a source that is one file; nothing when it is as it was. */
export async function* fetchOne(
  { url, cursor, download }: FetchContext,
  name: string,
  maxBytes: number,
): AsyncGenerator<FeedDocument, Cursor | undefined> {
  const { etag, lastModified } = cursor
  const answer = await download(url, { maxBytes, etag, lastModified })
  if (answer.status === 304) return cursor
  yield { name, bytes: await unpack(answer.bytes, maxBytes) }
  return {
    ...(answer.etag !== undefined && { etag: answer.etag }),
    ...(answer.lastModified !== undefined && { lastModified: answer.lastModified }),
  }
}

/** A source that comes by hand or in a bundle only. */
// oxlint-disable-next-line require-yield
export async function* fetchNothing(): AsyncGenerator<FeedDocument, Cursor | undefined> {
  return undefined
}
