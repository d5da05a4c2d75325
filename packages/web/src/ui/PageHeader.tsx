import { Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { DeviceName } from './Links.tsx'

/** Top of every page: its name, one sentence or some marks, and what can be done. */
export function PageHeader({
  title,
  says,
  actions,
}: {
  readonly title: string
  readonly says?: ReactNode
  readonly actions?: ReactNode
}) {
  useDocumentTitle(`${title} · Wardkeeper`)
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="md" wrap="wrap">
      <div style={{ minWidth: 0, flex: '1 1 320px' }}>
        <Title order={1}>
          <DeviceName label={title} />
        </Title>
        {says === undefined ? null : (
          <Text component="div" c="dimmed" mt={2} className="prose">
            {says}
          </Text>
        )}
      </div>
      <Group gap={8}>{actions}</Group>
    </Group>
  )
}
