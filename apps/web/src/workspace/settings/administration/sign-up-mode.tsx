'use client'
import { administrationApi, type OutputOf } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { api, failureOf } from '../../../api.ts'
import { cn } from '../../../ui/classes.ts'
import { RowsSkeleton, Section } from '../section.tsx'
import { serverQuery } from './queries.ts'

type Mode = OutputOf<typeof administrationApi.settings>['signUp']

const modes: { value: Mode; label: string; hint: string }[] = [
  { value: 'open', label: 'Anyone', hint: 'Whoever opens this server may create an account.' },
  { value: 'invitation', label: 'By invitation', hint: 'Whoever has an invitation of an organization.' },
  { value: 'closed', label: 'Nobody', hint: 'Those who have an account stay; nobody new comes.' },
]

/** Who may create an account on this server. */
export function SignUpMode() {
  const client = useQueryClient()
  const server = useQuery(serverQuery)
  const failure = failureOf(server)
  const change = useMutation({
    mutationFn: (signUp: Mode) => api(administrationApi.updateSettings, { body: { signUp } }),
    onMutate: (signUp) => client.setQueryData(serverQuery.queryKey, (old) => old && { ...old, signUp }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['status'] })
      return client.invalidateQueries({ queryKey: serverQuery.queryKey })
    },
  })
  return (
    <Section
      title="Who may sign up"
      description={
        server.data?.fixed ? (
          <>
            Set by <code className="font-mono text-xs">SIGN_UP</code> in the environment of the server; it cannot be
            changed here.
          </>
        ) : undefined
      }
    >
      <div className="grid gap-3">
        {failure ? (
          <ProblemNotice error={failure} retry={() => void server.refetch()} />
        ) : server.data ? (
          <div role="radiogroup" aria-label="Who may sign up" className="divide-y rounded-lg border bg-card">
            {modes.map(({ value, label, hint }) => (
              <label
                key={value}
                className={cn(
                  'flex items-start gap-3 px-4 py-3 has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:outline-offset-[-2px]',
                  server.data.fixed ? 'opacity-60' : 'cursor-pointer hover:bg-accent/50',
                )}
              >
                <input
                  type="radio"
                  name="sign-up"
                  value={value}
                  checked={server.data.signUp === value}
                  disabled={server.data.fixed || change.isPending}
                  onChange={() => change.mutate(value)}
                  className="mt-0.5 size-4 shrink-0 accent-(--primary)"
                />
                <span className="min-w-0">
                  <span className="block font-medium text-[13px]">{label}</span>
                  <span className="block text-muted-foreground text-xs">{hint}</span>
                </span>
              </label>
            ))}
          </div>
        ) : (
          <RowsSkeleton />
        )}
        <ProblemNotice error={change.error} />
      </div>
    </Section>
  )
}
