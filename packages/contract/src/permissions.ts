import type { Role } from '@wardkeeper/core'

export const PERMISSIONS = [
  'assets:read',
  'assets:propose',
  'assets:decide',
  'findings:read',
  'findings:propose',
  'findings:approve',
  'detections:read',
  'detections:decide',
  'incidents:read',
  'incidents:write',
  'work-orders:read',
  'work-orders:write',
  'work-orders:assign',
  'work-orders:work',
  'sensors:read',
  'captures:write',
  'advisories:write',
  'feeds:run',
  'audit:read',
  'users:admin',
] as const
export type Permission = (typeof PERMISSIONS)[number]

const READ = [
  'assets:read',
  'findings:read',
  'detections:read',
  'incidents:read',
  'work-orders:read',
  'sensors:read',
] as const satisfies readonly Permission[]

/**
 * Who may do what; what is not written here is denied. An administrator runs the system but takes no clinical
 * decision: no role holds every permission.
 */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: READ,
  technician: [...READ, 'assets:propose', 'work-orders:work'],
  analyst: [
    ...READ,
    'assets:propose',
    'findings:propose',
    'detections:decide',
    'incidents:write',
    'work-orders:write',
    'captures:write',
    'advisories:write',
  ],
  network: READ,
  manager: [
    ...READ,
    'assets:propose',
    'assets:decide',
    'findings:propose',
    'findings:approve',
    'incidents:write',
    'work-orders:write',
    'work-orders:assign',
    'advisories:write',
  ],
  compliance: [...READ, 'audit:read'],
  admin: [
    ...READ,
    'assets:propose',
    'assets:decide',
    'findings:approve',
    'captures:write',
    'advisories:write',
    'feeds:run',
    'audit:read',
    'users:admin',
  ],
}
