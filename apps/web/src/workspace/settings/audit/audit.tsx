'use client'
import { auditApi, type Organization } from '@realtime/contracts'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { toast } from 'sonner'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { messageOf } from '../../../account/problems.ts'
import { api, failureOf } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { download, fileNameOf } from '../../../ui/download.ts'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { Empty, Rows, RowsSkeleton, Section } from '../section.tsx'
import { AuditFilter } from './audit-filter.tsx'
import { AuditRow } from './audit-row.tsx'
import { everything, queryOf } from './audit-words.ts'

const PAGE = 50

/** The audit log of the organization shown: filters, page by page, and to take along. */
export function AuditLog({ organization }: { organization: Organization }) {
  const [choice, setChoice] = useState(everything)
  const deferred = useDeferredValue(choice)
  // "The last week" is the week before it was chosen, so that pages go on where they ended.
  const filter = useMemo(() => queryOf(deferred, Date.now()), [deferred])
  const params = { id: organization.id }
  const log = useInfiniteQuery({
    queryKey: ['audit', organization.id, filter],
    queryFn: ({ pageParam, signal }) =>
      api(
        auditApi.audit,
        { params, query: { ...filter, limit: PAGE, ...(pageParam ? { before: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => (last.more ? last.entries.at(-1)?.id : undefined),
  })
  const take = useMutation({
    mutationFn: async (format: 'csv' | 'jsonl') => {
      const answer = await api(auditApi.exportAudit, { params, query: { ...filter, format } })
      download(await answer.blob(), fileNameOf(`${organization.name} audit log`, format, 'audit log'))
    },
    onError: (error) => toast.error('The log was not exported', { description: messageOf(error) }),
  })
  const entries = log.data?.pages.flatMap((page) => page.entries)
  const failure = failureOf(log)
  return (
    <Section
      only
      title="Audit log"
      description="Every act that concerns who may do what, the newest first."
      actions={
        <Menu
          align="end"
          trigger={
            <Button variant="outline" size="small" className="max-sm:h-10" busy={take.isPending}>
              <Download aria-hidden />
              Export
            </Button>
          }
        >
          <MenuItem onClick={() => take.mutate('csv')}>As a table (CSV)</MenuItem>
          <MenuItem onClick={() => take.mutate('jsonl')}>As lines of JSON</MenuItem>
        </Menu>
      }
    >
      <AuditFilter organization={organization} choice={choice} onChange={setChoice} />
      <div className="mt-3" aria-busy={log.isFetching}>
        {entries ? (
          entries.length > 0 ? (
            <Rows>
              {entries.map((entry) => (
                <AuditRow key={entry.id} entry={entry} />
              ))}
            </Rows>
          ) : (
            <Empty>{Object.keys(filter).length > 0 ? 'Nothing like that happened' : 'Nothing happened yet'}</Empty>
          )
        ) : failure ? (
          <ProblemNotice error={failure} retry={() => void log.refetch()} />
        ) : (
          <RowsSkeleton count={6} />
        )}
        {log.hasNextPage ? (
          <Button
            variant="outline"
            size="small"
            className="mt-3 max-sm:h-10"
            busy={log.isFetchingNextPage}
            onClick={() => void log.fetchNextPage()}
          >
            Show earlier
          </Button>
        ) : null}
      </div>
    </Section>
  )
}
