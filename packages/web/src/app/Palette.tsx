import { Loader, Modal, ScrollArea, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import {
  IconAlertTriangle,
  IconArrowRight,
  IconBug,
  IconClipboardList,
  IconDeviceDesktopAnalytics,
  IconSearch,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { search } from '@wardkeeper/contract'
import { type ComponentType, type KeyboardEvent, useId, useState } from 'react'
import type { CallOutput } from '../api/call.ts'
import { useCall } from '../api/queries.ts'
import { Failed } from '../ui/Panel.tsx'
import { say } from '../ui/words.ts'
import type { NavEntry } from './nav.ts'

type Hit = CallOutput<typeof search>['items'][number]
type Icon = ComponentType<{ size?: number; stroke?: number }>

interface Choice {
  readonly key: string
  readonly title: string
  readonly detail: string
  readonly href: string
  readonly icon: Icon
}

const KINDS: Readonly<
  Record<Hit['kind'], { readonly icon: Icon; readonly href: (id: string) => string }>
> = {
  asset: { icon: IconDeviceDesktopAnalytics, href: (id) => `/assets/${id}` },
  advisory: { icon: IconBug, href: (id) => `/findings?subject=${encodeURIComponent(id)}` },
  incident: { icon: IconAlertTriangle, href: (id) => `/incidents/${id}` },
  'work-order': { icon: IconClipboardList, href: (id) => `/work/${id}` },
}

/** The command palette: devices, advisories, incidents, work orders and pages by a few letters. */
export function Palette({
  entries,
  onClose,
}: {
  readonly entries: readonly NavEntry[]
  readonly onClose: () => void
}) {
  const navigate = useNavigate()
  const listId = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [asked] = useDebouncedValue(text.trim(), 150)
  const found = useCall(search, { query: { q: asked } }, { enabled: asked !== '' })
  const hits = asked === '' ? [] : (found.data?.items ?? [])
  const choices = [...hits.map(choiceOfHit), ...entries.filter(isNamed(text)).map(choiceOfPage)]
  const current = Math.min(at, choices.length - 1)

  const open = (choice: Choice | undefined) => {
    if (!choice) return
    onClose()
    void navigate({ href: choice.href })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      const next = (current + step + choices.length) % Math.max(choices.length, 1)
      setAt(next)
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' })
    }
    if (event.key === 'Enter') open(choices[current])
  }

  return (
    <Modal.Root opened onClose={onClose} size={620} yOffset="10vh" padding={0}>
      <Modal.Overlay />
      <Modal.Content aria-label="Search">
        <TextInput
          data-autofocus
          size="md"
          variant="unstyled"
          px="sm"
          aria-label="Search devices, advisories, incidents, work orders and pages"
          placeholder="Name, address, model, advisory, order number"
          leftSection={<IconSearch size={18} />}
          rightSection={found.isFetching ? <Loader size={16} /> : null}
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={choices.length > 0 ? `${listId}-${current}` : undefined}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
        <ScrollArea.Autosize
          mah="60vh"
          style={{ borderTop: '1px solid var(--line)' }}
          tabIndex={-1}
        >
          {found.error && asked !== '' ? <Failed error={found.error} /> : null}
          <div id={listId} role="listbox" aria-label="Found" style={{ padding: 6 }}>
            {choices.map((choice, index) => (
              <Option
                key={choice.key}
                id={`${listId}-${index}`}
                choice={choice}
                isCurrent={index === current}
                onOpen={() => open(choice)}
              />
            ))}
          </div>
          {choices.length === 0 ? (
            <Text c="dimmed" p="md" role="status">
              {found.isFetching
                ? 'Searching'
                : `Nothing is called "${text.trim()}". Part of a name, an address or a number is enough.`}
            </Text>
          ) : null}
        </ScrollArea.Autosize>
      </Modal.Content>
    </Modal.Root>
  )
}

function Option({
  id,
  choice,
  isCurrent,
  onOpen,
}: {
  readonly id: string
  readonly choice: Choice
  readonly isCurrent: boolean
  readonly onOpen: () => void
}) {
  const { icon: Icon } = choice
  return (
    <div
      id={id}
      role="option"
      aria-selected={isCurrent}
      tabIndex={-1}
      className="option"
      onClick={onOpen}
      onKeyDown={() => undefined}
    >
      <Icon size={17} stroke={1.7} />
      <span className="option-title">{choice.title}</span>
      <span className="quiet option-detail">{choice.detail}</span>
    </div>
  )
}

function choiceOfHit({ kind, id, title, detail }: Hit): Choice {
  const { icon, href } = KINDS[kind]
  return { key: `${kind}-${id}`, title, detail: sayDetail(detail), href: href(id), icon }
}

/** The type of a device and the state of work come as codes; places, addresses and products do not. */
function sayDetail(detail: string): string {
  return detail.replace(/^[a-z][a-z0-9-]*(?= · |$)/, say)
}

function choiceOfPage({ path, label, says }: NavEntry): Choice {
  return { key: path, title: label, detail: says, href: path, icon: IconArrowRight }
}

function isNamed(text: string) {
  const wanted = text.trim().toLowerCase()
  return ({ label, says }: NavEntry) => `${label} ${says}`.toLowerCase().includes(wanted)
}
