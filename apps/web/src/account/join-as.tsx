'use client'
import { authApi, colorOf, Problem, type User } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { publicApi, tokens } from '../api.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { mayBe } from './hidden.ts'
import { messageOf } from './problems.ts'
import { visitorQuery } from './queries.ts'
import { SendVerification } from './verification.tsx'

interface JoinAsProps {
  user: User
  organization: string
  /** Whom the invitation is for, mostly hidden; null: whoever has the link. */
  address: string | null
  /** Why joining was refused before. */
  refused: unknown
  onJoin(): Promise<void>
}

/** Joining as the person signed in; where that one may not, what to do about it. */
export function JoinAs({ user, organization, address, refused, onJoin }: JoinAsProps) {
  const client = useQueryClient()
  const join = useMutation({ mutationFn: onJoin })
  const leave = useMutation({
    mutationFn: () => publicApi(authApi.signOut, {}),
    onSuccess: () => {
      tokens.forget()
      return client.invalidateQueries({ queryKey: visitorQuery.queryKey })
    },
  })
  const problem = join.isPending ? null : (join.error ?? refused)
  const unconfirmed = problem instanceof Problem && problem.key === 'email-unverified'
  // The service says of an invitation for somebody else only that it does not hold.
  const refusedHere = problem instanceof Problem && (problem.key === 'invalid-token' || problem.key === 'forbidden')
  const other = address !== null && (refusedHere || !mayBe(address, user.email))
  return (
    <div className="grid gap-4">
      <div className="flex items-center gap-3 rounded-lg bg-muted p-3">
        <Avatar name={user.name} image={user.image} color={colorOf(user.id)} className="size-9" />
        <div className="min-w-0">
          <p dir="auto" className="truncate font-medium">
            {user.name}
          </p>
          <p className="truncate text-[13px] text-muted-foreground">{user.email}</p>
        </div>
      </div>
      {unconfirmed ? (
        <Notice tone="warning">
          <p>
            This invitation is for a confirmed address. Confirm{' '}
            <bdi className="break-all font-medium">{user.email}</bdi> with the mail we send you, then come back here and
            join.
          </p>
          <div className="mt-2.5">
            <SendVerification />
          </div>
        </Notice>
      ) : other ? (
        <Notice tone="warning">
          This invitation is for <bdi className="break-all font-medium">{address}</bdi>, and you are signed in as{' '}
          <bdi className="break-all font-medium">{user.email}</bdi>. Use the account with that address, or ask for an
          invitation by link.
        </Notice>
      ) : problem ? (
        <Notice tone="error">{messageOf(problem)}</Notice>
      ) : null}
      {leave.error ? <Notice tone="error">{messageOf(leave.error)}</Notice> : null}
      <Button
        size="large"
        className="min-w-0 max-sm:h-11"
        variant={other ? 'outline' : 'primary'}
        busy={join.isPending || join.isSuccess}
        onClick={() => join.mutate()}
      >
        <span className="truncate">Join {organization}</span>
      </Button>
      <Button
        variant={other ? 'primary' : 'ghost'}
        className="max-sm:h-11"
        busy={leave.isPending}
        onClick={() => leave.mutate()}
      >
        Use another account
      </Button>
    </div>
  )
}
