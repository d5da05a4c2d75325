import type { Routes } from './context.ts'
import { assetRoutes } from './routes/assets.ts'
import { sessionRoutes, userRoutes } from './routes/session.ts'

/** Every resource of the API. */
export const ROUTES: readonly Routes[] = [assetRoutes, sessionRoutes, userRoutes]
