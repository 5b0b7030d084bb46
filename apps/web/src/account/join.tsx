'use client'
import { Tabs } from '@base-ui/react/tabs'
import { organizationApi, Problem } from '@realtime/contracts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { failureOf, isFinal, publicApi, tokens } from '../api.ts'
import { Button, buttonStyle } from '../ui/button.tsx'
import { chooseOrganization } from '../workspace/current.ts'
import { roleWords } from '../workspace/roles.ts'
import { enter } from './enter.ts'
import { Entry } from './entry.tsx'
import { JoinAs } from './join-as.tsx'
import { NewAccount } from './new-account.tsx'
import { messageOf } from './problems.ts'
import { statusQuery, visitorQuery } from './queries.ts'
import { SignInForm } from './sign-in-form.tsx'
import { FormSkeleton } from './sign-up.tsx'
import { OtherWays } from './ways.tsx'

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

  const { organization, role, invitedBy, email } = preview.data
  const here = `/join/${encodeURIComponent(token)}`
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
          {email ? (
            <span className="mt-1 block text-[13px]">
              For <bdi className="break-all">{email}</bdi> alone.
            </span>
          ) : null}
        </>
      }
    >
      {visitor.data ? (
        <JoinAs
          user={visitor.data.user}
          organization={organization.name}
          address={email}
          refused={refused}
          onJoin={accept}
        />
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
            <div className="grid gap-5">
              <NewAccount action="Create account and join" to={here} invitation={token} onSignedIn={arrive} />
              <OtherWays signingUp to={here} invitation={token} onSignedIn={arrive} />
            </div>
          </Tabs.Panel>
          <Tabs.Panel value="in">
            <SignInForm action="Sign in and join" to={here} invitation={token} onSignedIn={arrive} />
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
