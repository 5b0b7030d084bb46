'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { failureOf } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { SearchField } from '../people-picker.tsx'
import { Empty, Rows, RowsSkeleton, Section } from '../section.tsx'
import { AccountRow } from './account-row.tsx'
import { accountsQuery } from './queries.ts'

/** The people of this server. */
export function Accounts() {
  const [q, setQ] = useState('')
  const asked = useDeferredValue(q.trim())
  const query = useInfiniteQuery(accountsQuery(asked))
  const accounts = query.data?.pages.flatMap((page) => page.accounts)
  const total = query.data?.pages[0]?.total
  const failure = failureOf(query)
  return (
    <Section
      title="People"
      description={
        total === undefined ? '\u00a0' : `${total} ${total === 1 ? 'account' : 'accounts'}${asked ? ' found' : ''}`
      }
    >
      <SearchField label="Search people" value={q} onChange={setQ} className="mb-3" />
      {accounts ? (
        accounts.length > 0 ? (
          <Rows>
            {accounts.map((account) => (
              <AccountRow key={account.id} account={account} />
            ))}
          </Rows>
        ) : (
          <Empty>Nobody found</Empty>
        )
      ) : failure ? (
        <ProblemNotice error={failure} retry={() => void query.refetch()} />
      ) : (
        <RowsSkeleton count={4} />
      )}
      {query.hasNextPage ? (
        <Button
          variant="outline"
          size="small"
          className="mt-3 max-sm:h-10"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </Section>
  )
}
