'use client'
import { type OutputOf, Problem, type Provider, securityApi } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { messageOf } from '../../../account/problems.ts'
import { providerErrorOf } from '../../../account/provider-errors.ts'
import { providersQuery, securityQuery } from '../../../account/queries.ts'
import { ProviderMark } from '../../../account/ways.tsx'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { agoOf } from '../../time.ts'
import { Row, Rows, Section } from '../section.tsx'

type Linked = OutputOf<typeof securityApi.security>['linked'][number]

/** Accounts elsewhere by which one may sign in; nothing where this server offers none and none is linked. */
export function LinkedAccounts({ linked }: { linked: Linked[] }) {
  const { data } = useQuery(providersQuery)
  const error = providerErrorOf(useSearchParams().get('error'))
  const offered = data?.providers ?? []
  // One that the server offers no longer can still be unlinked.
  const gone = linked.filter(({ provider }) => !offered.some(({ id }) => id === provider))
  const all: Provider[] = [
    ...offered,
    ...gone.map(({ provider }) => ({ id: provider, name: provider, kind: 'oidc' as const })),
  ]
  if (all.length === 0) return null
  return (
    <Section title="Linked accounts" description="Accounts elsewhere that sign you in here.">
      <div className="grid gap-3">
        {error ? <Notice tone="error">{error}</Notice> : null}
        <Rows>
          {all.map((provider) => (
            <ProviderRow
              key={provider.id}
              provider={provider}
              linked={linked.find((one) => one.provider === provider.id)}
            />
          ))}
        </Rows>
      </div>
    </Section>
  )
}

function ProviderRow({ provider, linked }: { provider: Provider; linked: Linked | undefined }) {
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const link = useMutation({
    mutationFn: async () => {
      const body = { provider: provider.id, to: '/settings/security' }
      location.assign((await api(securityApi.beginProvider, { body })).url)
    },
  })
  const unlink = useMutation({
    mutationFn: () => api(securityApi.unlink, { params: { provider: provider.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: securityQuery.queryKey }),
    onError: (error) => {
      const last = error instanceof Problem && error.key === 'conflict'
      toast.error(`${provider.name} is still linked`, {
        description: last ? 'It is your only way to sign in. Set a password or add a passkey first.' : messageOf(error),
      })
    },
  })
  return (
    <Row
      picture={
        <span className="shrink-0 [&_svg]:size-5">
          <ProviderMark provider={provider} />
        </span>
      }
      title={<bdi>{provider.name}</bdi>}
      detail={
        linked ? (
          <>
            <bdi>{linked.name}</bdi> · linked {agoOf(linked.since)}
          </>
        ) : (
          <>
            Not linked
            <ProblemNotice className="mt-2" error={link.error} />
          </>
        )
      }
      actions={
        <>
          <Button
            variant="outline"
            size="small"
            className="max-sm:h-10"
            aria-label={`${linked ? 'Unlink' : 'Link'} ${provider.name}`}
            busy={linked ? unlink.isPending : link.isPending || link.isSuccess}
            onClick={() => (linked ? setAsking(true) : link.mutate())}
          >
            {linked ? 'Unlink' : 'Link'}
          </Button>
          <Confirm
            open={asking}
            onOpenChange={setAsking}
            title={`Unlink ${provider.name}?`}
            description={`You cannot sign in with ${provider.name} any more.`}
            action="Unlink"
            onConfirm={() => unlink.mutate()}
          />
        </>
      }
    />
  )
}
