import { Alert, Button, Group, List, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { CallFailed } from '../api/call.ts'

/** A framed part of a page that answers one question. */
export function Panel({
  title,
  aside,
  children,
  isFlush = false,
}: {
  readonly title?: string | undefined
  readonly aside?: ReactNode
  readonly children: ReactNode
  /** True for a table that reaches the frame. */
  readonly isFlush?: boolean
}) {
  return (
    <section className="panel" aria-label={title}>
      {title === undefined ? null : (
        <header>
          <Title order={2}>{title}</Title>
          <Group gap={8} ml="auto">
            {aside}
          </Group>
        </header>
      )}
      <div className={isFlush ? 'scroll-x' : 'panel-body'}>{children}</div>
    </section>
  )
}

interface Asked<Data> {
  readonly data: Data | undefined
  readonly error: CallFailed | null
  readonly isPlaceholderData: boolean
  readonly refetch: () => Promise<unknown>
}

/** The one way to show an answer: loading, failed, stale (dimmed while the next one comes) or there. */
export function Answer<Data>({
  query,
  children,
  lines = 6,
}: {
  readonly query: Asked<Data>
  readonly children: (data: Data) => ReactNode
  readonly lines?: number
}) {
  if (query.data === undefined) {
    if (query.error) return <Failed error={query.error} onRetry={() => void query.refetch()} />
    return <Loading lines={lines} />
  }
  return (
    <>
      {query.error ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} isStale />
      ) : null}
      <div className={query.isPlaceholderData ? 'stale' : undefined}>{children(query.data)}</div>
    </>
  )
}

function Loading({ lines }: { readonly lines: number }) {
  return (
    <Stack gap={10} p="md" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={12} width={`${92 - ((line * 17) % 40)}%`} />
      ))}
    </Stack>
  )
}

/** What went wrong, why, and what to do. */
export function Failed({
  error,
  onRetry,
  isStale = false,
  advice,
}: {
  readonly error: CallFailed
  /** What to do next, where the place knows better than the server. */
  readonly advice?: string | undefined
  readonly onRetry?: (() => void) | undefined
  readonly isStale?: boolean
}) {
  return (
    <Alert
      role="alert"
      variant="outline"
      color="red"
      icon={<IconAlertCircle size={18} />}
      title={isStale ? `${error.title}: this is what we knew before` : error.title}
      m={isStale ? 8 : 0}
      styles={{
        root: { background: 'var(--panel)', borderColor: 'var(--critical-ink)' },
        title: { color: 'var(--critical-ink)' },
        icon: { color: 'var(--critical-ink)' },
      }}
    >
      <Reasons error={error} />
      {advice === undefined ? null : <Text size="sm">{advice}</Text>}
      {onRetry && error.status !== 403 && error.status !== 404 ? (
        <Button mt="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      ) : null}
    </Alert>
  )
}

export function Reasons({ error }: { readonly error: CallFailed }) {
  if (error.reasons.length === 0) {
    return error.message === error.title ? null : <Text size="sm">{error.message}</Text>
  }
  return (
    <List size="sm" spacing={2}>
      {error.reasons.map((reason) => (
        <List.Item key={reason}>{reason}</List.Item>
      ))}
    </List>
  )
}

/** Nothing here: what that means and what to do about it. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <Stack gap={6} align="flex-start" p="lg" maw={640}>
      <Text fw={600} size="md">
        {title}
      </Text>
      {children === undefined ? null : (
        <Text component="div" c="dimmed">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  )
}
