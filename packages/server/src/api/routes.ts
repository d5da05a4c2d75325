import type { Routes } from './context.ts'
import { assetDossierRoutes } from './routes/asset-dossier.ts'
import { assetRoutes } from './routes/assets.ts'
import { captureRoutes } from './routes/captures.ts'
import { detectionRoutes } from './routes/detections.ts'
import { dossierRoutes } from './routes/dossier.ts'
import { deviceRoutes } from './routes/devices.ts'
import { eventRoutes } from './routes/events.ts'
import { exportRoutes } from './routes/export.ts'
import { feedRoutes } from './routes/feeds.ts'
import { findingRoutes } from './routes/findings.ts'
import { historyRoutes } from './routes/history.ts'
import { identityRoutes } from './routes/identity.ts'
import { importRoutes } from './routes/imports.ts'
import { incidentRoutes } from './routes/incidents.ts'
import { listRoutes } from './routes/lists.ts'
import { maintenanceRoutes } from './routes/maintenance.ts'
import { mapRoutes } from './routes/map.ts'
import { operationRoutes } from './routes/operation.ts'
import { placeRoutes } from './routes/places.ts'
import { platformRoutes } from './routes/platform.ts'
import { protectedFieldRoutes } from './routes/protected-fields.ts'
import { riskControlRoutes } from './routes/risk-controls.ts'
import { riskMethodRoutes } from './routes/risk-method.ts'
import { riskRoutes } from './routes/risk.ts'
import { sensorRoutes } from './routes/sensors.ts'
import { presenceRoutes } from './routes/presence.ts'
import { regroupRoutes } from './routes/regroup.ts'
import { reconciliationRoutes } from './routes/reconciliation.ts'
import { ruleRoutes } from './routes/rules.ts'
import { registerRoutes } from './routes/registers.ts'
import { sessionRoutes, userRoutes } from './routes/session.ts'
import { technicianRoutes, workOrderRoutes } from './routes/work-orders.ts'

/** Every resource of the API. */
export const ROUTES: readonly Routes[] = [
  assetDossierRoutes,
  assetRoutes,
  captureRoutes,
  detectionRoutes,
  dossierRoutes,
  deviceRoutes,
  eventRoutes,
  exportRoutes,
  feedRoutes,
  findingRoutes,
  historyRoutes,
  identityRoutes,
  importRoutes,
  incidentRoutes,
  listRoutes,
  maintenanceRoutes,
  mapRoutes,
  operationRoutes,
  placeRoutes,
  platformRoutes,
  protectedFieldRoutes,
  riskControlRoutes,
  riskMethodRoutes,
  riskRoutes,
  sensorRoutes,
  presenceRoutes,
  regroupRoutes,
  reconciliationRoutes,
  ruleRoutes,
  registerRoutes,
  sessionRoutes,
  technicianRoutes,
  userRoutes,
  workOrderRoutes,
]
