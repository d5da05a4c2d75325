import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Menu,
  Text,
  Tooltip,
  UnstyledButton,
} from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconKeyboard, IconSearch, IconUserCircle } from '@tabler/icons-react'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { signOut } from '@wardkeeper/contract'
import { Suspense, lazy, useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import { useLiveStream } from '../api/live.ts'
import { forgetSession, useSession } from '../api/session.ts'
import { say } from '../ui/words.ts'
import { LiveMark } from './LiveMark.tsx'
import { NAV, type NavEntry } from './nav.ts'
import { ThemeSwitch } from './ThemeSwitch.tsx'
import { useGoKeys, useRowKeys } from './use-keys.ts'

const loadPalette = () => import('./Palette.tsx')
const Palette = lazy(() => loadPalette().then((module) => ({ default: module.Palette })))
const KeyboardHelp = lazy(() =>
  import('./KeyboardHelp.tsx').then((module) => ({ default: module.KeyboardHelp })),
)

const PALETTE_AFTER_MS = 1500
const OVERVIEW = 'Overview'

type Overlay = 'palette' | 'keys' | undefined

/** The frame around every page: where one can go, search, who is signed in. */
export function Shell() {
  const session = useSession()
  const [isNavOpen, nav] = useDisclosure(false)
  const [overlay, setOverlay] = useState<Overlay>()
  const entries = NAV.filter(
    ({ permission }) => permission === 'signed-in' || session.permissions.includes(permission),
  )
  // Whoever types at once after `/` would lose the first letters while it loads.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), PALETTE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  useLiveStream()
  useRowKeys()
  useGoKeys(entries)
  useHotkeys([
    ['/', () => setOverlay('palette')],
    ['shift+?', () => setOverlay('keys')],
    ['?', () => setOverlay('keys')],
  ])
  useHotkeys([['mod+K', () => setOverlay('palette')]], [])

  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 196, breakpoint: 'sm', collapsed: { mobile: !isNavOpen } }}
      padding="md"
    >
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <AppShell.Header style={{ background: 'var(--panel)' }}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            opened={isNavOpen}
            onClick={nav.toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label="Navigation"
          />
          <Link
            to="/"
            style={{ color: 'inherit', textDecoration: 'none' }}
            aria-label="Wardkeeper: overview"
          >
            <Group gap={8} wrap="nowrap" w={{ base: 'auto', sm: 164 }}>
              <img src="/mark.svg" width={22} height={22} alt="" />
              <Text fw={650} size="md" visibleFrom="xs">
                Wardkeeper
              </Text>
            </Group>
          </Link>
          <SearchButton onOpen={() => setOverlay('palette')} />
          <Group gap={6} ml="auto" wrap="nowrap">
            <LiveMark />
            <Tooltip label="Keys (?)">
              <ActionIcon
                variant="subtle"
                color="gray"
                c="inherit"
                aria-label="Keyboard shortcuts"
                onClick={() => setOverlay('keys')}
              >
                <IconKeyboard size={18} />
              </ActionIcon>
            </Tooltip>
            <ThemeSwitch />
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="xs"
        style={{ background: 'var(--panel)', overflowY: 'auto' }}
        aria-label="Main"
      >
        {groupsOf(entries).map(([group, list]) => (
          <div key={group} role="group" aria-label={group}>
            {group === OVERVIEW ? null : (
              <div className="nav-group" aria-hidden="true">
                {group}
              </div>
            )}
            {list.map(({ path, label, icon: Icon, key }) => (
              <Link
                key={path}
                to={path}
                className="nav-link"
                activeOptions={{ exact: path === '/', includeSearch: false }}
                onClick={nav.close}
              >
                <Icon size={17} stroke={1.7} />
                {label}
                {key === undefined ? null : <kbd aria-hidden="true">g {key}</kbd>}
              </Link>
            ))}
          </div>
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <Outlet />
      </AppShell.Main>
      <Suspense>
        {overlay === 'palette' ? (
          <Palette entries={entries} onClose={() => setOverlay(undefined)} />
        ) : null}
        {overlay === 'keys' ? (
          <KeyboardHelp entries={entries} onClose={() => setOverlay(undefined)} />
        ) : null}
      </Suspense>
    </AppShell>
  )
}

/** What stands under each heading, in the order of `NAV`. */
function groupsOf(entries: readonly NavEntry[]): readonly (readonly [string, NavEntry[]])[] {
  return [...Map.groupBy(entries, ({ group }) => group ?? OVERVIEW)]
}

function SearchButton({ onOpen }: { readonly onOpen: () => void }) {
  return (
    <UnstyledButton className="search-button" onClick={onOpen}>
      <IconSearch size={15} />
      <span>Search devices, advisories, work</span>
      <kbd>/</kbd>
    </UnstyledButton>
  )
}

function Account() {
  const session = useSession()
  const navigate = useNavigate()
  const leave = async () => {
    await call(signOut, {}).catch(() => undefined)
    await navigate({ to: '/sign-in' })
    forgetSession()
  }
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="inherit"
          aria-label={`Account of ${session.name}`}
        >
          <IconUserCircle size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '6px 12px' }}>
          <Text fw={600}>{session.name}</Text>
          <Text c="dimmed" size="xs">
            {session.username}: {session.roles.map((role) => say(role).toLowerCase()).join(', ')}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Item onClick={() => void navigate({ to: '/password' })}>Change password</Menu.Item>
        <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
