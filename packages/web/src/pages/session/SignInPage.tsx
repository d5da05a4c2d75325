import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { signIn } from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/queries.ts'
import { rememberSession } from '../../api/session.ts'
import { Failed } from '../../ui/Panel.tsx'
import { Door } from './Door.tsx'

const route = getRouteApi('/sign-in')

const WHERE_FROM =
  'Capitals count. On a new system the terminal that started Wardkeeper shows the first password.'

export default function SignInPage() {
  const { to } = route.useSearch()
  const navigate = useNavigate()
  const change = useChange(signIn)
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { body: { username, password } },
      {
        onSuccess: (session) => {
          rememberSession(session)
          void navigate({ href: session.mustChangePassword ? '/password' : (to ?? '/') })
        },
      },
    )
  }
  return (
    <Door title="Sign in" says="With the account that your administrator gave you.">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            size="sm"
            label="User name"
            name="username"
            autoComplete="username"
            autoFocus
            required
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {change.error ? (
            <Failed
              error={change.error}
              advice={change.error.code === 'wrong-credentials' ? WHERE_FROM : undefined}
            />
          ) : null}
          <Button type="submit" size="sm" loading={change.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
