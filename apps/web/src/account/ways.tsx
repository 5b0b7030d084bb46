'use client'
import { Problem, type Provider, securityApi } from '@realtime/contracts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Fingerprint, KeyRound, Mail } from 'lucide-react'
import Link from 'next/link'
import { useSyncExternalStore } from 'react'
import { publicApi } from '../api.ts'
import { Button, buttonStyle } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { GithubMark, GoogleMark } from './brands.tsx'
import { askForPasskey, PasskeyRefused, passkeysWork } from './passkeys.ts'
import { messageOf } from './problems.ts'
import { providersQuery } from './queries.ts'

interface OtherWaysProps {
  /** Where a browser comes back to: a path of this app. */
  to: string
  invitation?: string
  /** Whether accounts are made here: then passkeys and mailed links, which need one, are left out. */
  signingUp?: boolean
  onSignedIn(): Promise<void> | void
  /** Where a code is asked for next. */
  onCode?(): void
}

const never = () => () => {}
const large = 'w-full min-w-0 max-sm:h-11'

/** The ways to sign in besides a password that this server and this browser offer; nothing where there are none. */
export function OtherWays({ to, invitation, signingUp = false, onSignedIn, onCode }: OtherWaysProps) {
  const { data } = useQuery(providersQuery)
  const able = useSyncExternalStore(never, passkeysWork, () => false)
  const passkey = useMutation({
    mutationFn: async () => {
      const options = await publicApi(securityApi.passkeySignInOptions, {})
      const response = await askForPasskey(options)
      await publicApi(securityApi.signInWithPasskey, { body: { response } })
      await onSignedIn()
    },
    onError: (error) => {
      if (error instanceof Problem && error.key === 'two-factor-required') onCode?.()
    },
  })
  const away = useMutation({
    mutationFn: async (provider: string) => {
      const { url } = await publicApi(securityApi.beginProvider, {
        body: { provider, to, ...(invitation ? { invitation } : {}) },
      })
      location.assign(url)
    },
  })
  if (!data) return null
  const byPasskey = data.passkeys && able && !signingUp
  const byMail = data.mail && !signingUp
  if (!byPasskey && !byMail && data.providers.length === 0) return null
  const problem = passkey.error ?? away.error
  return (
    <div className="grid gap-2.5">
      <p className="flex items-center gap-3 text-muted-foreground text-xs before:h-px before:flex-1 before:bg-border after:h-px after:flex-1 after:bg-border">
        or
      </p>
      {problem ? <Notice tone={isQuiet(problem) ? 'info' : 'error'}>{wordsOf(problem)}</Notice> : null}
      {data.providers.map((provider) => (
        <Button
          key={provider.id}
          variant="outline"
          size="large"
          className={large}
          // The page is left: it stays busy until then.
          busy={(away.isPending || away.isSuccess) && away.variables === provider.id}
          onClick={() => away.mutate(provider.id)}
        >
          <ProviderMark provider={provider} />
          <span className="truncate">Continue with {provider.name}</span>
        </Button>
      ))}
      {byPasskey ? (
        <Button
          variant="outline"
          size="large"
          className={large}
          busy={passkey.isPending}
          onClick={() => passkey.mutate()}
        >
          <Fingerprint aria-hidden />
          Sign in with a passkey
        </Button>
      ) : null}
      {byMail ? (
        <Link
          href={to === '/' ? '/sign-in/link' : `/sign-in/link?next=${encodeURIComponent(to)}`}
          className={buttonStyle({ variant: 'outline', size: 'large', className: large })}
        >
          <Mail aria-hidden />
          E-mail me a link
        </Link>
      ) : null}
    </div>
  )
}

/** The sign of whoever signs people in. */
export function ProviderMark({ provider }: { provider: Pick<Provider, 'kind'> }) {
  if (provider.kind === 'google') return <GoogleMark />
  if (provider.kind === 'github') return <GithubMark />
  return <KeyRound aria-hidden />
}

function isQuiet(error: Error): boolean {
  return error instanceof PasskeyRefused && error.cancelled
}

function wordsOf(error: Error): string {
  return error instanceof PasskeyRefused ? error.message : messageOf(error)
}
