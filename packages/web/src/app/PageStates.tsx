import { Button, Center, Loader } from '@mantine/core'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { CallFailed } from '../api/call.ts'
import { PageHeader } from '../ui/PageHeader.tsx'
import { Empty, Failed } from '../ui/Panel.tsx'

export function PagePending() {
  return (
    <Center mih={240} role="status" aria-label="Loading">
      <Loader size="sm" />
    </Center>
  )
}

/** A page that could not be drawn: what happened, and a way on. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  const failure =
    error instanceof CallFailed
      ? error
      : new CallFailed({
          status: 0,
          code: 'page-failed',
          title: 'This page could not be shown',
          detail: `${error instanceof Error ? error.message : String(error)}. Reload the page; if it stays, tell your administrator this sentence.`,
        })
  return (
    <div style={{ padding: 24, maxWidth: 720 }}>
      <Failed error={failure} onRetry={reset} />
    </div>
  )
}

export function PageMissing() {
  return (
    <>
      <PageHeader title="There is no such page" />
      <Empty
        title="The address leads nowhere"
        action={
          <Button component={Link} to="/">
            Go to the overview
          </Button>
        }
      >
        It may be mistyped, or come from a newer version of Wardkeeper.
      </Empty>
    </>
  )
}
