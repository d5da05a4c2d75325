import {
  addUser,
  changePassword,
  getSession,
  listUsers,
  signIn,
  signOut,
  type UserView,
} from '@wardkeeper/contract'
import type { Role } from '@wardkeeper/core'
import { appendAudit } from '../../store/audit.ts'
import { isPassword } from '../../store/passwords.ts'
import { endSession, endSessionsOf, openSession } from '../../store/sessions.ts'
import type { Trx } from '../../store/database.ts'
import { loadTechnicians } from '../../store/technicians.ts'
import * as users from '../../store/users.ts'
import { actorOf, sessionView, type Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { Attempts } from '../attempts.ts'
import { ApiError } from '../errors.ts'
import { clearSessionCookie, setSessionCookie } from '../session-cookie.ts'
import { isoOf } from '../views.ts'

/** Signing in and out, and the own password. */
export const sessionRoutes: Routes = (serve, { database: { db }, now }) => {
  const attempts = new Attempts()

  serve(signIn, async ({ body, request, reply }) => {
    const username = body.username.toLowerCase()
    if (!attempts.tryOne(username, request.ip, now())) throw new ApiError('too-many-attempts')
    const user = await users.findUser(db, username)
    const hash = user?.is_active === true ? user.password_hash : undefined
    if (!(await isPassword(hash, body.password)) || user === undefined) {
      throw new ApiError('wrong-credentials')
    }
    attempts.succeed(username, request.ip)
    setSessionCookie(request, reply, await openSession(db, user.id, now()))
    await users.markSignIn(db, user.id, now())
    await db.transaction().execute((trx) =>
      appendAudit(trx, {
        siteId: '*',
        byName: user.username,
        userId: user.id,
        action: 'session.opened',
        subject: `user:${user.username}`,
      }),
    )
    return sessionView(actorOf(user))
  })

  serve(getSession, async ({ actor }) => sessionView(actor), { worksWithOneTimePassword: true })

  serve(
    signOut,
    async ({ request, reply }) => {
      if (request.sessionToken !== undefined) await endSession(db, request.sessionToken, now())
      clearSessionCookie(reply)
      return undefined
    },
    { worksWithOneTimePassword: true },
  )

  serve(
    changePassword,
    async ({ actor, body, request }) => {
      if (!attempts.tryOne(actor.username, request.ip, now()))
        throw new ApiError('too-many-attempts')
      const user = await users.findUser(db, actor.username)
      if (!(await isPassword(user?.password_hash, body.current))) {
        throw new ApiError('wrong-credentials')
      }
      attempts.succeed(actor.username, request.ip)
      if (body.next === body.current) {
        throw new ApiError('invalid-input', ['next: the new password is the old one'])
      }
      await db.transaction().execute(async (trx) => {
        await users.setPassword(trx, actor.userId, body.next)
        await endSessionsOf(trx, actor.userId, request.sessionToken ?? '', now())
        await appendAudit(trx, {
          siteId: '*',
          byName: actor.username,
          userId: actor.userId,
          action: 'user.password-changed',
          subject: `user:${actor.username}`,
        })
      })
      return sessionView({ ...actor, mustChangePassword: false })
    },
    { worksWithOneTimePassword: true },
  )
}

/** Accounts, for administrators. */
export const userRoutes: Routes = (serve, { database: { db } }) => {
  serve(listUsers, async ({ actor }) => {
    return { items: (await users.listUsers(db, actor.sites)).map(viewOf) }
  })

  serve(addUser, async ({ body, actor }) => {
    // Nobody gives away more than they have.
    if (actor.sites !== undefined && !body.sites.every((site) => actor.sites?.includes(site))) {
      throw new ApiError('invalid-input', [`sites: yours are ${actor.sites.join(', ')}`])
    }
    return await db.transaction().execute(async (trx) => {
      await demandTechnician(trx, actor, body.technicianId)
      const added = await users.addUser(trx, body)
      if (added === undefined) throw new ApiError('username-taken')
      const user = await users.findUser(trx, body.username)
      if (user === undefined) throw new ApiError('not-found')
      await appendAudit(trx, {
        siteId: '*',
        byName: actor.username,
        userId: actor.userId,
        action: 'user.added',
        subject: `user:${user.username}`,
        after: { roles: body.roles, sites: body.sites },
      })
      return { user: viewOf(user), oneTimePassword: added.oneTimePassword }
    })
  })
}

async function demandTechnician(trx: Trx, actor: Actor, id: string | undefined): Promise<void> {
  if (id === undefined) return
  const [technician] = await loadTechnicians(trx, actor.sites, id)
  if (technician === undefined || technician.username !== undefined) {
    throw new ApiError('invalid-input', [
      'technicianId: there is no such technician without an account',
    ])
  }
}

function viewOf(user: users.UserRecord): UserView {
  return {
    id: user.id,
    username: user.username,
    name: user.name,
    roles: user.roles as Role[],
    sites: [...user.sites],
    isActive: user.is_active,
    ...(user.last_sign_in_at === null ? {} : { lastSignIn: isoOf(user.last_sign_in_at) }),
  }
}
