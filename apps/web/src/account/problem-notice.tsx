'use client'
import { authApi, Problem } from '@realtime/contracts'
import { useMutation } from '@tanstack/react-query'
import { publicApi } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { enter } from './enter.ts'
import { messageOf } from './problems.ts'

interface ProblemNoticeProps {
  /** Anything thrown; nothing is shown without one. */
  error: unknown
  retry?(): void
  className?: string
}

/** A problem, with what can be done about it: trying again, or signing in again where the session is too old. */
export function ProblemNotice({ error, retry, className }: ProblemNoticeProps) {
  const again = useMutation({
    mutationFn: () => publicApi(authApi.signOut, {}),
    onSuccess: () => enter(`/sign-in?next=${encodeURIComponent(location.pathname)}`),
  })
  if (!error) return null
  const stale = error instanceof Problem && error.key === 'fresh-sign-in-required'
  return (
    <Notice
      tone={stale ? 'warning' : 'error'}
      {...(className ? { className } : {})}
      actions={
        stale ? (
          <Button
            variant="outline"
            size="small"
            busy={again.isPending || again.isSuccess}
            onClick={() => again.mutate()}
          >
            Sign in again
          </Button>
        ) : retry ? (
          <Button variant="outline" size="small" onClick={retry}>
            Retry
          </Button>
        ) : null
      }
    >
      {stale ? 'To be sure that it is you, sign in again first. You come back here.' : messageOf(error)}
    </Notice>
  )
}
