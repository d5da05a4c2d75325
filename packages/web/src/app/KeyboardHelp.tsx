import { Dialog } from '../ui/Dialog.tsx'
import type { NavEntry } from './nav.ts'

export function KeyboardHelp({
  entries,
  onClose,
}: {
  readonly entries: readonly NavEntry[]
  readonly onClose: () => void
}) {
  const keys: readonly (readonly [string, string])[] = [
    ['/', 'Search everything'],
    ['Ctrl K', 'Search everything, also from a text field'],
    ['j', 'Next row'],
    ['k', 'Row before'],
    ['Enter', 'Open the row'],
    ['Esc', 'Close what is open'],
    ['?', 'This list'],
    ...entries.flatMap(({ key, label }): (readonly [string, string])[] =>
      key === undefined ? [] : [[`g ${key}`, label]],
    ),
  ]
  return (
    <Dialog title="Keys" isOpen onClose={onClose} size="sm">
      <dl className="facts">
        {keys.map(([key, words]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
