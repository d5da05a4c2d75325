import {
  Outlet,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import {
  getDossier,
  listAssets,
  listAudit,
  listConversations,
  listDetections,
  listFindings,
  listIncidents,
  listObservations,
  listProposals,
  listReconciliation,
  listWorkOrders,
} from '@wardkeeper/contract'
import { loadSession } from '../api/session.ts'
import { PageFailed, PageMissing, PagePending } from './PageStates.tsx'
import { Shell } from './Shell.tsx'
import { riskSearch } from '../pages/risk/search.ts'
import { isMoment, mapSearch } from './inventory-search.ts'
import { listSearch, oneOf, parseSearch, stringifySearch } from './search-params.ts'
import {
  ASSET_TABS,
  type AssetTab,
  BOARD_VIEWS,
  type BoardView,
  FINDING_VIEWS,
  type FindingsView,
  ROW_OUTCOMES,
  type RowOutcome,
} from './views.ts'

const root = createRootRoute({ component: Outlet })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>): { to?: string } =>
    typeof raw['to'] === 'string' && /^\/(?!\/)/.test(raw['to']) ? { to: raw['to'] } : {},
  component: lazyRouteComponent(() => import('../pages/session/SignInPage.tsx')),
})

const password = createRoute({
  getParentRoute: () => root,
  path: '/password',
  beforeLoad: async () => {
    if (!(await loadSession())) throw redirect({ to: '/sign-in' })
  },
  component: lazyRouteComponent(() => import('../pages/session/PasswordPage.tsx')),
})

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const session = await loadSession()
    if (!session) throw redirect({ to: '/sign-in', search: { to: location.href } })
    if (session.mustChangePassword) throw redirect({ to: '/password' })
  },
  component: Shell,
})

const overview = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/overview/OverviewPage.tsx')),
})

const assets = createRoute({
  getParentRoute: () => signedIn,
  path: '/assets',
  validateSearch: listSearch(listAssets.query),
  component: lazyRouteComponent(() => import('../pages/assets/AssetsPage.tsx')),
})

const readConversations = listSearch(listConversations.query)
const readObservations = listSearch(listObservations.query)
type AssetSearch = Omit<ReturnType<typeof readConversations>, 'sort'> & {
  sort?: string | undefined
  tab?: AssetTab | undefined
  /** Show the device as it was at this moment. */
  at?: string | undefined
}
const asset = createRoute({
  getParentRoute: () => signedIn,
  path: '/assets/$id',
  validateSearch: (raw: Record<string, unknown>): AssetSearch => ({
    ...readConversations(raw),
    ...readObservations(raw),
    ...(raw['tab'] === undefined ? {} : { tab: oneOf(ASSET_TABS, raw['tab']) }),
    ...(isMoment(raw['at']) ? { at: raw['at'] } : {}),
  }),
  component: lazyRouteComponent(() => import('../pages/assets/AssetPage.tsx')),
})

const readFindings = listSearch(listFindings.query)
type FindingsSearch = ReturnType<typeof readFindings> & { view?: FindingsView | undefined }
const findings = createRoute({
  getParentRoute: () => signedIn,
  path: '/findings',
  validateSearch: (raw: Record<string, unknown>): FindingsSearch => ({
    ...readFindings(raw),
    ...(raw['view'] === undefined ? {} : { view: oneOf(FINDING_VIEWS, raw['view']) }),
  }),
  component: lazyRouteComponent(() => import('../pages/findings/FindingsPage.tsx')),
})

const finding = createRoute({
  getParentRoute: () => signedIn,
  path: '/findings/$id',
  component: lazyRouteComponent(() => import('../pages/findings/FindingPage.tsx')),
})

const advisory = createRoute({
  getParentRoute: () => signedIn,
  path: '/advisories/$id',
  component: lazyRouteComponent(() => import('../pages/findings/AdvisoryPage.tsx')),
})

const risk = createRoute({
  getParentRoute: () => signedIn,
  path: '/risk',
  validateSearch: riskSearch,
  component: lazyRouteComponent(() => import('../pages/risk/RiskPage.tsx')),
})

const dossier = createRoute({
  getParentRoute: () => signedIn,
  path: '/dossier',
  validateSearch: listSearch(getDossier.query),
  component: lazyRouteComponent(() => import('../pages/dossier/DossierPage.tsx')),
})

const detections = createRoute({
  getParentRoute: () => signedIn,
  path: '/detections',
  validateSearch: listSearch(listDetections.query),
  component: lazyRouteComponent(() => import('../pages/detections/DetectionsPage.tsx')),
})

interface Board {
  view?: BoardView | undefined
}
const readIncidents = listSearch(listIncidents.query)
const incidents = createRoute({
  getParentRoute: () => signedIn,
  path: '/incidents',
  validateSearch: (raw: Record<string, unknown>): ReturnType<typeof readIncidents> & Board => ({
    ...readIncidents(raw),
    ...(raw['view'] === undefined ? {} : { view: oneOf(BOARD_VIEWS, raw['view']) }),
  }),
  component: lazyRouteComponent(() => import('../pages/incidents/IncidentsPage.tsx')),
})

const incident = createRoute({
  getParentRoute: () => signedIn,
  path: '/incidents/$id',
  component: lazyRouteComponent(() => import('../pages/incidents/IncidentPage.tsx')),
})

const readWork = listSearch(listWorkOrders.query)
const work = createRoute({
  getParentRoute: () => signedIn,
  path: '/work',
  validateSearch: (raw: Record<string, unknown>): ReturnType<typeof readWork> & Board => ({
    ...readWork(raw),
    ...(raw['view'] === undefined ? {} : { view: oneOf(BOARD_VIEWS, raw['view']) }),
  }),
  component: lazyRouteComponent(() => import('../pages/work/WorkPage.tsx')),
})

const workOrder = createRoute({
  getParentRoute: () => signedIn,
  path: '/work/$id',
  component: lazyRouteComponent(() => import('../pages/work/WorkOrderPage.tsx')),
})

const technicians = createRoute({
  getParentRoute: () => signedIn,
  path: '/technicians',
  component: lazyRouteComponent(() => import('../pages/work/TechniciansPage.tsx')),
})

const sensors = createRoute({
  getParentRoute: () => signedIn,
  path: '/sensors',
  component: lazyRouteComponent(() => import('../pages/sensors/SensorsPage.tsx')),
})

const imports = createRoute({
  getParentRoute: () => signedIn,
  path: '/imports',
  component: lazyRouteComponent(() => import('../pages/inventory/ImportsPage.tsx')),
})

interface RowsShown {
  outcome?: RowOutcome[] | undefined
  /** The row after which the page begins. */
  after?: number | undefined
}
const importOne = createRoute({
  getParentRoute: () => signedIn,
  path: '/imports/$id',
  validateSearch: (raw: Record<string, unknown>): RowsShown => {
    const outcome = [raw['outcome']]
      .flat()
      .filter((word) => ROW_OUTCOMES.some((one) => one === word))
    const after = Number(raw['after'])
    return {
      ...(outcome.length > 0 ? { outcome: outcome as RowOutcome[] } : {}),
      ...(Number.isInteger(after) && after > 0 ? { after } : {}),
    }
  },
  component: lazyRouteComponent(() => import('../pages/inventory/ImportPage.tsx')),
})

const reconcile = createRoute({
  getParentRoute: () => signedIn,
  path: '/reconcile',
  validateSearch: listSearch(listReconciliation.query),
  component: lazyRouteComponent(() => import('../pages/inventory/ReconcilePage.tsx')),
})

const question = createRoute({
  getParentRoute: () => signedIn,
  path: '/reconcile/$id',
  component: lazyRouteComponent(() => import('../pages/inventory/QuestionPage.tsx')),
})

const decisions = createRoute({
  getParentRoute: () => signedIn,
  path: '/decisions',
  validateSearch: listSearch(listProposals.query),
  component: lazyRouteComponent(() => import('../pages/decisions/DecisionsPage.tsx')),
})

const RULE_KINDS = ['medical', 'ownership', 'sources', 'protected', 'maintenance'] as const
const rules = createRoute({
  getParentRoute: () => signedIn,
  path: '/rules',
  validateSearch: (
    raw: Record<string, unknown>,
  ): { kind?: (typeof RULE_KINDS)[number] | undefined } =>
    raw['kind'] === undefined ? {} : { kind: oneOf(RULE_KINDS, raw['kind']) },
  component: lazyRouteComponent(() => import('../pages/rules/RulesPage.tsx')),
})

const map = createRoute({
  getParentRoute: () => signedIn,
  path: '/map',
  validateSearch: mapSearch,
  component: lazyRouteComponent(() => import('../pages/map/MapPage.tsx')),
})

const feeds = createRoute({
  getParentRoute: () => signedIn,
  path: '/feeds',
  component: lazyRouteComponent(() => import('../pages/exposure/FeedsPage.tsx')),
})

const recalls = createRoute({
  getParentRoute: () => signedIn,
  path: '/recalls',
  validateSearch: (raw: Record<string, unknown>): RecallSearch => ({
    ...(typeof raw['q'] === 'string' && { q: raw['q'].slice(0, 200) }),
    ...(raw['matched'] === 'all' && { matched: 'all' as const }),
  }),
  component: lazyRouteComponent(() => import('../pages/exposure/RecallsPage.tsx')),
})
interface RecallSearch {
  q?: string | undefined
  matched?: 'here' | 'all' | undefined
}

const patches = createRoute({
  getParentRoute: () => signedIn,
  path: '/patches',
  validateSearch: (raw: Record<string, unknown>): { q?: string | undefined } =>
    typeof raw['q'] === 'string' ? { q: raw['q'].slice(0, 200) } : {},
  component: lazyRouteComponent(() => import('../pages/exposure/PatchesPage.tsx')),
})

const makers = createRoute({
  getParentRoute: () => signedIn,
  path: '/makers',
  component: lazyRouteComponent(() => import('../pages/exposure/MakersPage.tsx')),
})

const users = createRoute({
  getParentRoute: () => signedIn,
  path: '/users',
  component: lazyRouteComponent(() => import('../pages/admin/UsersPage.tsx')),
})

const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  validateSearch: listSearch(listAudit.query),
  component: lazyRouteComponent(() => import('../pages/admin/AuditPage.tsx')),
})

const about = createRoute({
  getParentRoute: () => signedIn,
  path: '/about',
  component: lazyRouteComponent(() => import('../pages/admin/AboutPage.tsx')),
})

const missing = createRoute({
  getParentRoute: () => signedIn,
  path: '$',
  component: PageMissing,
})

/** Every page. A new one is one route here, one path in the tree below and one line in `nav.ts`. */
export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    password,
    signedIn.addChildren([
      overview,
      assets,
      asset,
      findings,
      finding,
      advisory,
      risk,
      dossier,
      detections,
      incidents,
      incident,
      work,
      workOrder,
      technicians,
      map,
      decisions,
      rules,
      sensors,
      imports,
      importOne,
      reconcile,
      question,
      feeds,
      recalls,
      patches,
      makers,
      users,
      audit,
      about,
      missing,
    ]),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  scrollRestoration: true,
  defaultErrorComponent: PageFailed,
  defaultNotFoundComponent: PageMissing,
  defaultPendingComponent: PagePending,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
