import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { NavEntry } from './nav.ts'

const GO_WITHIN_MS = 1200

/** `g` then a letter goes to a page. */
export function useGoKeys(entries: readonly NavEntry[]): void {
  const navigate = useNavigate()
  useEffect(() => {
    let pressed = 0
    const listen = (event: KeyboardEvent) => {
      if (isTyping(event)) return
      if (event.key === 'g') {
        pressed = Date.now()
        return
      }
      const entry = entries.find(({ key }) => key === event.key)
      if (!entry || Date.now() - pressed > GO_WITHIN_MS) return
      pressed = 0
      event.preventDefault()
      void navigate({ to: entry.path })
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [entries, navigate])
}

/**
 * `j` and `k` walk over whatever the page marks as rows (`data-row` on their link). The focus itself moves, so
 * `enter` opens by the browser's own means and a screen reader follows.
 */
export function useRowKeys(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isTyping(event) || (event.key !== 'j' && event.key !== 'k')) return
      const rows = [...document.querySelectorAll<HTMLElement>('#main [data-row]')]
      const at = rows.findIndex((row) => row === document.activeElement)
      const next = event.key === 'j' ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)
      rows[next]?.focus()
      rows[next]?.scrollIntoView({ block: 'nearest' })
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}

function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('[role="dialog"]')) return true
  const isText = target instanceof HTMLInputElement && !['checkbox', 'radio'].includes(target.type)
  return isText || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}
