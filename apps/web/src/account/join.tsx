'use client'
import { Tabs } from '@base-ui/react/tabs'
import { authApi, colorOf, organizationApi, Problem, type User } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { failureOf, isFinal, publicApi, tokens } from '../api.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button, buttonStyle } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { chooseOrganization } from '../workspace/current.ts'
import { roleWords } from '../workspace/roles.ts'
import { AccountForm } from './account-form.tsx'
import { enter } from './enter.ts'
import { Entry } from './entry.tsx'
import { messageOf } from './problems.ts'
import { statusQuery, visitorQuery } from './queries.ts'
import { SignInForm } from './sign-in-form.tsx'
import { FormSkeleton } from './sign-up.tsx'

const tabStyle =
  'h-8 flex-1 rounded-md font-medium text-[13px] text-muted-foreground data-active:bg-background data-active:text-foreground data-active:shadow-soft max-sm:h-10 dark:data-active:bg-accent'

/** An invitation: what it invites to, then signing up or in right here, then joining. */
export function Join({ token }: { token: string }) {
  const client = useQueryClient()
  const [refused, setRefused] = useState<unknown>()
  const preview = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => publicApi(organizationApi.previewInvitation, { body: { token } }, { signal }),
  })
  const visitor = useQuery(visitorQuery)
  const status = useQuery(statusQuery)
  const organizations = useQuery({
    queryKey: ['organizations', 'of-visitor', visitor.data?.user.id],
    queryFn: async ({ signal }) => (await publicApi(organizationApi.list, {}, { signal })).organizations,
    enabled: Boolean(visitor.data),
    retry: false,
  })

  async function accept() {
    tokens.forget()
    const organization = await publicApi(organizationApi.acceptInvitation, { body: { token } })
    chooseOrganization(organization.id)
    enter('/home')
  }

  /** Joins right after signing up or in. Where that is refused the account is there all the same: it can try again. */
  async function arrive() {
    try {
      await accept()
    } catch (error) {
      setRefused(error)
      await client.invalidateQueries({ queryKey: visitorQuery.queryKey })
    }
  }

  const member = organizations.data?.some((one) => one.id === preview.data?.organization.id) ?? false
  const failure = failureOf(preview) ?? failureOf(visitor) ?? failureOf(status)
  const final = isFinal(failure)
  if (failure)
    return (
      <Entry
        title={final ? 'This invitation does not work' : 'The invitation cannot be opened now'}
        description={final ? whyNot(failure) : messageOf(failure)}
      >
        <div className="grid gap-2">
          {final ? null : (
            <Button size="large" onClick={() => void client.refetchQueries({ type: 'active' })}>
              Try again
            </Button>
          )}
          <Link href="/" className={buttonStyle({ size: 'large', variant: final ? 'outline' : 'ghost' })}>
            Go to your workspace
          </Link>
        </div>
      </Entry>
    )
  if (!preview.data || visitor.isPending || status.isPending || (visitor.data && organizations.isPending))
    return (
      <Entry title="Opening the invitation…">
        <FormSkeleton />
      </Entry>
    )

  const { organization, role, invitedBy } = preview.data
  if (visitor.data && member)
    return (
      <Entry title={`You are in ${organization.name} already`} description="There is nothing left to join.">
        <Button
          size="large"
          className="w-full"
          onClick={() => {
            chooseOrganization(organization.id)
            enter('/home')
          }}
        >
          <span className="truncate">Open {organization.name}</span>
        </Button>
      </Entry>
    )
  return (
    <Entry
      title={`Join ${organization.name}`}
      description={
        <>
          {invitedBy} invites you to join <strong className="font-medium text-foreground">{organization.name}</strong>{' '}
          as {roleWords[role].article} {roleWords[role].label.toLowerCase()}.
        </>
      }
    >
      {visitor.data ? (
        <JoinAs user={visitor.data.user} organization={organization.name} refused={refused} onJoin={accept} />
      ) : (
        <Tabs.Root defaultValue={status.data?.signUp === 'closed' ? 'in' : 'up'}>
          {status.data?.signUp === 'closed' ? null : (
            <Tabs.List className="mb-5 flex gap-0.5 rounded-lg bg-muted p-0.5" aria-label="How to join">
              <Tabs.Tab value="up" className={tabStyle}>
                New account
              </Tabs.Tab>
              <Tabs.Tab value="in" className={tabStyle}>
                I have an account
              </Tabs.Tab>
            </Tabs.List>
          )}
          <Tabs.Panel value="up">
            <AccountForm
              action="Create account and join"
              onSubmit={async (body) => {
                await publicApi(authApi.signUp, { body: { ...body, invitation: token } })
                await arrive()
              }}
            />
          </Tabs.Panel>
          <Tabs.Panel value="in">
            <SignInForm action="Sign in and join" onSignedIn={arrive} />
          </Tabs.Panel>
        </Tabs.Root>
      )}
    </Entry>
  )
}

/** Why an invitation that can be read no more does not work, and what to do. */
function whyNot(error: unknown): string {
  // What is wrong with the token in its address says nothing to whoever opened it.
  const broken = error instanceof Problem && (error.key === 'invalid-input' || error.key === 'not-found')
  const why = broken ? 'The link is incomplete, has expired or was revoked' : messageOf(error).replace(/\.$/, '')
  return `${why}. Ask whoever sent it for a new one.`
}

interface JoinAsProps {
  user: User
  organization: string
  /** Why joining was refused before. */
  refused: unknown
  onJoin(): Promise<void>
}

function JoinAs({ user, organization, refused, onJoin }: JoinAsProps) {
  const client = useQueryClient()
  const join = useMutation({ mutationFn: onJoin })
  const leave = useMutation({
    mutationFn: () => publicApi(authApi.signOut, {}),
    onSuccess: () => {
      tokens.forget()
      return client.invalidateQueries({ queryKey: visitorQuery.queryKey })
    },
  })
  const problem = join.error ?? refused
  return (
    <div className="grid gap-4">
      <div className="flex items-center gap-3 rounded-lg bg-muted p-3">
        <Avatar name={user.name} image={user.image} color={colorOf(user.id)} className="size-9" />
        <div className="min-w-0">
          <p className="truncate font-medium">{user.name}</p>
          <p className="truncate text-[13px] text-muted-foreground">{user.email}</p>
        </div>
      </div>
      {problem && !join.isPending ? <Notice tone="error">{messageOf(problem)}</Notice> : null}
      <Button size="large" busy={join.isPending || join.isSuccess} onClick={() => join.mutate()}>
        <span className="truncate">Join {organization}</span>
      </Button>
      <Button variant="ghost" busy={leave.isPending} onClick={() => leave.mutate()}>
        Use another account
      </Button>
    </div>
  )
}
