'use client'
import { authApi, colorOf, type Session } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Laptop, Smartphone } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useSyncExternalStore } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../account/problems.ts'
import { sessionsQuery } from '../../account/queries.ts'
import { api } from '../../api.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/classes.ts'
import { isTheme, themes } from '../theme.tsx'
import { agoOf } from '../time.ts'
import { useSignOut } from '../user-menu.tsx'
import { useWorkspace } from '../workspace.tsx'
import { deviceOf } from './device.ts'
import { QueryRows, Section } from './section.tsx'

/** Who one is, how it looks, and where one is signed in. */
export function AccountSettings() {
  const { me } = useWorkspace()
  const sessions = useQuery(sessionsQuery)
  const signOut = useSignOut()
  return (
    <>
      <Section title="Profile">
        <div className="flex items-center gap-3.5 rounded-lg border bg-card px-4 py-3.5">
          <Avatar name={me.name} image={me.image} color={colorOf(me.id)} className="size-10 text-sm" />
          <div className="min-w-0 flex-1">
            <p className="truncate font-medium">{me.name}</p>
            <p className="truncate text-[13px] text-muted-foreground">{me.email}</p>
          </div>
          {me.administrator ? (
            <span className="shrink-0 rounded-full bg-primary-soft px-2 py-0.5 font-medium text-primary-text text-xs">
              Administrator
            </span>
          ) : null}
        </div>
      </Section>
      <Section title="Theme" description="How the app looks on this device.">
        <ThemeChoice />
      </Section>
      <Section
        title="Sessions"
        description="Where you are signed in. End any that you do not know."
        actions={
          <Button variant="outline" size="small" busy={signOut.isPending} onClick={() => signOut.mutate()}>
            Sign out
          </Button>
        }
      >
        <QueryRows
          query={sessions}
          empty="No sessions"
          row={(session) => <SessionRow key={session.id} session={session} />}
        />
      </Section>
    </>
  )
}

const never = () => () => {}

function ThemeChoice() {
  const { theme, setTheme } = useTheme()
  // The server does not know the theme: until the page is alive none is marked.
  const alive = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  const current = isTheme(theme) ? theme : 'system'
  return (
    <div role="radiogroup" aria-label="Theme" className="flex gap-2">
      {themes.map(({ value, label, icon: Icon }) => (
        <label
          key={value}
          className={cn(
            'flex h-10 flex-1 cursor-pointer items-center justify-center gap-2 rounded-lg border bg-card text-[13px] hover:bg-accent has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:outline-offset-2',
            alive && current === value && 'border-primary bg-primary-soft font-medium hover:bg-primary-soft',
          )}
        >
          <input
            type="radio"
            name="theme"
            value={value}
            checked={alive && current === value}
            onChange={() => setTheme(value)}
            className="sr-only"
          />
          <Icon aria-hidden className="size-4 text-muted-foreground" />
          {label}
        </label>
      ))}
    </div>
  )
}

function SessionRow({ session }: { session: Session }) {
  const client = useQueryClient()
  const device = deviceOf(session.device)
  const Icon = device.phone ? Smartphone : Laptop
  const revoke = useMutation({
    mutationFn: () => api(authApi.revokeSession, { params: { id: session.id } }),
    onMutate: () =>
      client.setQueryData(sessionsQuery.queryKey, (list) => list?.filter((other) => other.id !== session.id)),
    onError: (error) => toast.error('The session was not ended', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
  return (
    <li className="flex items-center gap-3.5 px-4 py-3">
      <Icon aria-hidden className="size-5 shrink-0 text-muted-foreground" strokeWidth={1.5} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium text-[13px]">{device.name}</p>
        <p className="truncate text-muted-foreground text-xs">
          {session.address ? `${session.address} · ` : ''}
          {session.current ? 'this session' : `last used ${agoOf(session.lastUsedAt)}`}
        </p>
      </div>
      {session.current ? (
        <span className="shrink-0 rounded-full bg-accent px-2 py-0.5 text-muted-foreground text-xs">Current</span>
      ) : (
        <Button
          variant="outline"
          size="small"
          aria-label={`End the session on ${device.name}`}
          onClick={() => revoke.mutate()}
        >
          End
        </Button>
      )}
    </li>
  )
}
