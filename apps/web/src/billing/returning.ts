'use client'
import { billingApi, type Organization, plans } from '@realtime/contracts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearchParams } from 'next/navigation'
import { useEffect, useState } from 'react'
import { toast } from 'sonner'
import { api } from '../api.ts'
import { chooseOrganization } from '../workspace/current.ts'
import { useWorkspace } from '../workspace/workspace.tsx'
import { billingQuery } from './queries.ts'
import { runs } from './words.ts'

const AGAIN_MS = 1_500
/** After that a person decides whether to go on asking. */
const PATIENCE_MS = 30_000

/** Where a return from Stripe stands. */
export interface Returning {
  /** Somebody paid, and it is not known here yet. */
  waiting: boolean
  /** It was waited for long enough: no payment has become known. */
  late: boolean
  /** The truth cannot be fetched. */
  error: Error | null
  retry(): void
}

/**
 * On the way back from Stripe: shows the organization that was paid for, and fetches the truth until it has arrived.
 */
export function useReturning(organization: Organization): Returning {
  const client = useQueryClient()
  const router = useRouter()
  const search = useSearchParams()
  const { organizations } = useWorkspace()
  const asked = search.get('organization')
  const here = !asked || asked === organization.id
  const from = search.get('checkout') === 'done' ? 'checkout' : search.get('portal') === 'done' ? 'portal' : null
  useEffect(() => {
    if (asked && !here && organizations?.some((one) => one.id === asked)) chooseOrganization(asked)
  }, [asked, here, organizations])
  const { id, name } = organization
  const [patientUntil] = useState(() => Date.now() + PATIENCE_MS)
  const back = useQuery({
    queryKey: ['billing-return', id, from],
    queryFn: ({ signal }) => api(billingApi.sync, { params: { id } }, { signal }),
    enabled: from !== null && here,
    refetchInterval: ({ state }) =>
      from === 'checkout' && !runs(state.data?.subscription ?? null) && state.dataUpdatedAt < patientUntil
        ? AGAIN_MS
        : false,
    gcTime: 0,
  })
  useEffect(() => {
    if (!back.data || !from || !here) return
    client.setQueryData(billingQuery(id).queryKey, back.data)
    // Who has nothing to pay here came by an old address.
    const paying = from === 'checkout' && back.data.mode === 'stripe'
    if (paying && !runs(back.data.subscription)) return
    if (paying) {
      // The same notice once, also where an effect runs twice.
      toast.success(`${name} is on the ${plans[back.data.plan].name} plan`, { id: `plan-${id}` })
    }
    router.replace('/settings/billing')
  }, [back.data, from, here, client, id, name, router])
  const unknown = from === 'checkout' && here && !runs(back.data?.subscription ?? null)
  const late = unknown && back.dataUpdatedAt >= patientUntil && !back.isFetching
  return {
    waiting: unknown && !late,
    late,
    error: from !== null && here && !back.data ? back.error : null,
    retry: () => void back.refetch(),
  }
}
