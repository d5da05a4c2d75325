import { CloseButton, Group, Modal, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** The one dialog: a name, a way out, and the content only while it is open. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  size = 'md',
}: {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  readonly size?: 'sm' | 'md' | 'lg'
}) {
  return (
    <Modal.Root opened={isOpen} onClose={onClose} size={size} centered>
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        <Modal.Body p="lg">
          <Group justify="space-between" align="flex-start" wrap="nowrap" mb="sm">
            <Title order={2}>{title}</Title>
            <CloseButton aria-label="Close" onClick={onClose} mt={-4} mr={-6} />
          </Group>
          {isOpen ? children : null}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
