'use client'
import { type OutputOf, organizationApi } from '@realtime/contracts'
import { queryOptions } from '@tanstack/react-query'
import Link from 'next/link'
import { api } from '../../../api.ts'
import { Notice } from '../../../ui/notice.tsx'
import { chooseOrganization } from '../../current.ts'

/** What becomes of an organization when the account in it goes. */
type Way = OutputOf<typeof organizationApi.waysOut>['organizations'][number]

/** What leaving all would do, as it is now. */
export const waysOutQuery = queryOptions({
  queryKey: ['ways-out'],
  queryFn: async ({ signal }) => (await api(organizationApi.waysOut, {}, { signal })).organizations,
  staleTime: 0,
  gcTime: 0,
})

/** Of these, what keeps somebody from deleting their account. */
export function holding(ways: readonly Way[]): Way[] {
  return ways.filter(({ way }) => way === 'last-owner' || way === 'subscription')
}

/** What has to be settled before the account can go. */
export function Holding({ organizations }: { organizations: Way[] }) {
  return (
    <>
      <Notice tone="warning">Your account can be deleted once these can do without you.</Notice>
      <ul className="divide-y rounded-lg border">
        {organizations.map(({ id, name, way }) => (
          <li key={id} className="flex items-center gap-3 px-3.5 py-2.5 text-[13px]">
            <div className="min-w-0 flex-1">
              <p dir="auto" className="truncate font-medium">
                {name}
              </p>
              <p className="text-muted-foreground">
                {way === 'subscription'
                  ? 'A subscription goes on. Cancel it first.'
                  : 'You are the last owner. Make somebody else owner, or delete it.'}
              </p>
            </div>
            <Link
              href={way === 'subscription' ? '/settings/billing' : '/settings/organization'}
              className="shrink-0 font-medium text-primary-text hover:underline"
              onClick={() => chooseOrganization(id)}
            >
              Open its settings
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What goes with the account, by name, and who loses something by it. */
export function GoingAlong({ organizations }: { organizations: Way[] }) {
  const deleted = organizations.filter(({ way }) => way === 'delete')
  const left = organizations.filter(({ way }) => way === 'leave').map(({ name }) => name)
  return (
    <>
      {deleted.map(({ id, name, others }) => (
        <li key={id}>
          <b dir="auto" className="break-words font-medium">
            {name}
          </b>{' '}
          is deleted with all projects and documents in it
          {others > 0 ? <strong className="font-medium text-destructive">{alsoFor(others)}</strong> : null}.
        </li>
      ))}
      {left.length > 0 ? (
        <li>
          You leave {new Intl.ListFormat('en').format(left)}. What you wrote there stays, without your name beside it.
        </li>
      ) : null}
    </>
  )
}

function alsoFor(others: number): string {
  return others === 1 ? ', also for the other person in it' : `, also for the ${others} other people in it`
}
