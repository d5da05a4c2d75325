import { Center, Group, Paper, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { ThemeSwitch } from '../../app/ThemeSwitch.tsx'

/** The frame of the pages before one is inside. */
export function Door({
  title,
  says,
  children,
}: {
  readonly title: string
  readonly says: ReactNode
  readonly children: ReactNode
}) {
  useDocumentTitle(`${title} · Wardkeeper`)
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" w={400} style={{ background: 'var(--panel)' }}>
        <Group justify="space-between" mb="lg">
          <Group gap={10}>
            <img src="/mark.svg" width={26} height={26} alt="" />
            <Text fw={650} size="lg">
              Wardkeeper
            </Text>
          </Group>
          <ThemeSwitch />
        </Group>
        <Title order={1}>{title}</Title>
        <Text c="dimmed" mt={4} mb="md" component="div">
          {says}
        </Text>
        {children}
      </Paper>
    </Center>
  )
}
