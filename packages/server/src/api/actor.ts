import { ROLE_PERMISSIONS, type Permission, type Session } from '@wardkeeper/contract'
import type { Role } from '@wardkeeper/core'
import type { UserRecord } from '../store/users.ts'
import { ApiError } from './errors.ts'

/** Who asks, and what they may do. */
export interface Actor {
  readonly userId: string
  readonly username: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly permissions: ReadonlySet<Permission>
  /** Site ids; undefined: every site. */
  readonly sites: readonly string[] | undefined
  readonly technicianId: string | undefined
  readonly mustChangePassword: boolean
}

export function actorOf(user: UserRecord): Actor {
  const roles = user.roles as readonly Role[]
  return {
    userId: user.id,
    username: user.username,
    name: user.name,
    roles,
    permissions: new Set(roles.flatMap((role) => ROLE_PERMISSIONS[role] ?? [])),
    sites: user.sites.includes('*') ? undefined : user.sites,
    technicianId: user.technician_id ?? undefined,
    mustChangePassword: user.must_change_password,
  }
}

export function sessionView(actor: Actor): Session {
  return {
    userId: actor.userId,
    username: actor.username,
    name: actor.name,
    roles: [...actor.roles],
    permissions: [...actor.permissions],
    sites: [...(actor.sites ?? ['*'])],
    ...(actor.technicianId === undefined ? {} : { technicianId: actor.technicianId }),
    mustChangePassword: actor.mustChangePassword,
  }
}

/** Throws unless the actor may see the site; what may not be seen is not there. */
export function demandSite(actor: Actor, siteId: string): void {
  if (actor.sites !== undefined && !actor.sites.includes(siteId)) throw new ApiError('not-found')
}
