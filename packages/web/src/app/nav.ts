import {
  IconActivityHeartbeat,
  IconAlertTriangle,
  IconBug,
  IconChecklist,
  IconClipboardList,
  IconDeviceDesktopAnalytics,
  IconFileSearch,
  IconGauge,
  IconGitCompare,
  IconTableImport,
  IconInfoCircle,
  IconGavel,
  IconLayoutDashboard,
  IconMap2,
  IconListCheck,
  IconRadar2,
  IconUserCheck,
  IconUsers,
} from '@tabler/icons-react'
import type { Permission } from '@wardkeeper/contract'
import type { ComponentType } from 'react'

export interface NavEntry {
  readonly path: string
  readonly label: string
  readonly icon: ComponentType<{ size?: number; stroke?: number }>
  readonly permission: Permission | 'signed-in'
  /** Second key after `g`. */
  readonly key?: string
  /** What one finds there, for the command palette. */
  readonly says: string
}

/** The pages of the navigation, in the order of the day's work. */
export const NAV: readonly NavEntry[] = [
  {
    path: '/',
    label: 'Overview',
    icon: IconLayoutDashboard,
    permission: 'assets:read',
    key: 'o',
    says: 'What needs somebody now',
  },
  {
    path: '/assets',
    label: 'Assets',
    icon: IconDeviceDesktopAnalytics,
    permission: 'assets:read',
    key: 'a',
    says: 'Every device, with filters',
  },
  {
    path: '/map',
    label: 'Map',
    icon: IconMap2,
    permission: 'assets:read',
    key: 'm',
    says: 'Where devices stand, and who talks to whom',
  },
  {
    path: '/findings',
    label: 'Findings',
    icon: IconBug,
    permission: 'findings:read',
    key: 'f',
    says: 'What is wrong with devices, and what would end it',
  },
  {
    path: '/risk',
    label: 'Risk',
    icon: IconGauge,
    permission: 'findings:read',
    key: 'r',
    says: 'How much devices put at risk, and what lowers it most',
  },
  {
    path: '/dossier',
    label: 'Purchase',
    icon: IconFileSearch,
    permission: 'findings:read',
    key: 'p',
    says: 'What is known of a model before it is bought',
  },
  {
    path: '/detections',
    label: 'Detections',
    icon: IconActivityHeartbeat,
    permission: 'detections:read',
    key: 'd',
    says: 'Behaviour that differs from what was learned',
  },
  {
    path: '/incidents',
    label: 'Incidents',
    icon: IconAlertTriangle,
    permission: 'incidents:read',
    key: 'i',
    says: 'What is being handled, by state',
  },
  {
    path: '/work',
    label: 'Work',
    icon: IconClipboardList,
    permission: 'work-orders:read',
    key: 'w',
    says: 'Work orders, by state',
  },
  {
    path: '/decisions',
    label: 'Decisions',
    icon: IconGavel,
    permission: 'assets:read',
    key: 'c',
    says: 'Changes of devices that need a second person',
  },
  {
    path: '/rules',
    label: 'Rules',
    icon: IconListCheck,
    permission: 'assets:read',
    key: 'y',
    says: 'What is a medical device here, and who answers for it',
  },
  {
    path: '/technicians',
    label: 'Technicians',
    icon: IconUserCheck,
    permission: 'work-orders:read',
    key: 't',
    says: 'Who is authorised for which devices',
  },
  {
    path: '/sensors',
    label: 'Sensors',
    icon: IconRadar2,
    permission: 'sensors:read',
    key: 's',
    says: 'Where we listen, and how healthy that is',
  },
  {
    path: '/imports',
    label: 'Imports',
    icon: IconTableImport,
    permission: 'assets:read',
    key: 'm',
    says: 'Records of a CMMS or CMDB, and devices written down by hand',
  },
  {
    path: '/reconcile',
    label: 'Reconcile',
    icon: IconGitCompare,
    permission: 'assets:read',
    key: 'c',
    says: 'Where records and network disagree',
  },
  {
    path: '/users',
    label: 'Users',
    icon: IconUsers,
    permission: 'users:admin',
    key: 'u',
    says: 'Accounts and roles',
  },
  {
    path: '/audit',
    label: 'Audit',
    icon: IconChecklist,
    permission: 'audit:read',
    key: 'l',
    says: 'Who did what',
  },
  {
    path: '/about',
    label: 'About',
    icon: IconInfoCircle,
    permission: 'signed-in',
    says: 'Versions and dates of what is running',
  },
]
