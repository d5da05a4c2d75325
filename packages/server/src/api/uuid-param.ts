import { byId } from '@wardkeeper/contract'

/** An id as the database takes it; undefined for any other text, `------------` included. */
export function uuidOf(text: string): string | undefined {
  return byId.shape.id.safeParse(text).data
}
