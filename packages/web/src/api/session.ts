import { useQuery } from '@tanstack/react-query'
import { type Permission, type Session, getSession } from '@wardkeeper/contract'
import { CallFailed } from './call.ts'
import { fetching, queryClient } from './queries.ts'

const session = { ...fetching(getSession, {}), staleTime: 5 * 60_000 }

/** Who is signed in; undefined when nobody is. */
export async function loadSession(): Promise<Session | undefined> {
  try {
    return await queryClient.ensureQueryData(session)
  } catch (error) {
    if (error instanceof CallFailed && error.status === 401) return undefined
    throw error
  }
}

export function rememberSession(value: Session): void {
  queryClient.setQueryData(session.queryKey, value)
}

/** After signing out nothing of the person before stays in memory. */
export function forgetSession(): void {
  queryClient.clear()
}

/** The signed-in person. Only under the signed-in layout, which has loaded it. */
export function useSession(): Session {
  const { data } = useQuery(session)
  if (!data) throw new Error('useSession is used outside of the signed-in pages')
  return data
}

/** Whether the signed-in person holds a permission. The server asks again; this only hides what would be refused. */
export function useCan(permission: Permission): boolean {
  return useSession().permissions.includes(permission)
}
