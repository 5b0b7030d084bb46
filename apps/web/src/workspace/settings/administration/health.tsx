'use client'
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleX } from 'lucide-react'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { failureOf } from '../../../api.ts'
import { Rows, RowsSkeleton, Section, Tag } from '../section.tsx'
import { healthQuery } from './queries.ts'

/** How each part of the platform is, renewed every ten seconds. */
export function Health() {
  const health = useQuery(healthQuery)
  const failure = failureOf(health)
  return (
    <Section
      title="Health"
      actions={
        health.data ? (
          <Tag tone={health.data.status === 'ok' ? 'primary' : 'warning'}>
            {health.data.status === 'ok' ? 'All parts answer' : 'Not all parts answer'}
          </Tag>
        ) : null
      }
    >
      {health.data ? (
        <Rows>
          {health.data.upstreams.map(({ name, state, latencyMs, detail }) => (
            <li key={name} className="flex items-center gap-3 px-4 py-2.5 text-[13px]">
              {state === 'up' ? (
                <CircleCheck aria-hidden className="size-4 shrink-0 text-success" />
              ) : (
                <CircleX aria-hidden className="size-4 shrink-0 text-destructive" />
              )}
              <span className="min-w-0 flex-1">
                <span className="font-medium">{name}</span>
                {detail ? <span className="block break-words text-muted-foreground text-xs">{detail}</span> : null}
              </span>
              <span className="shrink-0 text-muted-foreground text-xs tabular-nums">
                {state === 'up' ? `${latencyMs} ms` : 'does not answer'}
              </span>
            </li>
          ))}
        </Rows>
      ) : failure ? (
        <ProblemNotice error={failure} retry={() => void health.refetch()} />
      ) : (
        <RowsSkeleton count={5} />
      )}
    </Section>
  )
}
