import { Button, PasswordInput, Stack } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { changePassword } from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/queries.ts'
import { rememberSession, useSession } from '../../api/session.ts'
import { Failed } from '../../ui/Panel.tsx'
import { Door } from './Door.tsx'

const SHORTEST = 12

export default function PasswordPage() {
  const { mustChangePassword } = useSession()
  const navigate = useNavigate()
  const change = useChange(changePassword)
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const isShort = next !== '' && next.length < SHORTEST
  const isDifferent = again !== '' && again !== next
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (next.length < SHORTEST || next !== again) return
    change.mutate(
      { body: { current, next } },
      {
        onSuccess: (session) => {
          rememberSession(session)
          void navigate({ to: '/' })
        },
      },
    )
  }
  return (
    <Door
      title={mustChangePassword ? 'Choose your own password' : 'Change your password'}
      says={
        mustChangePassword
          ? 'The one-time password has done its work: nothing else opens until you have chosen your own.'
          : 'Other sessions of yours end.'
      }
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <PasswordInput
            label={mustChangePassword ? 'One-time password' : 'Password until now'}
            autoComplete="current-password"
            autoFocus
            required
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            description={`At least ${SHORTEST} characters. A sentence is easier to remember and harder to guess.`}
            autoComplete="new-password"
            required
            error={isShort ? `${SHORTEST - next.length} characters are missing` : undefined}
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password again"
            autoComplete="new-password"
            required
            error={isDifferent ? 'The two are not the same' : undefined}
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
          {change.error ? <Failed error={change.error} /> : null}
          <Button type="submit" size="sm" loading={change.isPending}>
            {mustChangePassword ? 'Set password and begin' : 'Change password'}
          </Button>
          {mustChangePassword ? null : (
            <Button variant="default" size="sm" onClick={() => void navigate({ to: '/' })}>
              Cancel
            </Button>
          )}
        </Stack>
      </form>
    </Door>
  )
}
