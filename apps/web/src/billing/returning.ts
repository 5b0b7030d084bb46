'use client'
import { billingApi, type Organization, plans } from '@realtime/contracts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearchParams } from 'next/navigation'
import { useEffect } from 'react'
import { toast } from 'sonner'
import { api } from '../api.ts'
import { chooseOrganization } from '../workspace/current.ts'
import { useWorkspace } from '../workspace/workspace.tsx'
import { billingQuery } from './queries.ts'
import { runs } from './words.ts'

const AGAIN_MS = 1_500

/**
 * On the way back from Stripe: shows the organization that was paid for, and fetches the truth until it has arrived.
 * `waiting` while a payment is not known yet; `error` when it cannot be fetched.
 */
export function useReturning(organization: Organization): { waiting: boolean; error: Error | null; retry(): void } {
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
  const back = useQuery({
    queryKey: ['billing-return', id, from],
    queryFn: ({ signal }) => api(billingApi.sync, { params: { id } }, { signal }),
    enabled: from !== null && here,
    refetchInterval: (query) =>
      from === 'checkout' && !runs(query.state.data?.subscription ?? null) ? AGAIN_MS : false,
    gcTime: 0,
  })
  useEffect(() => {
    if (!back.data || !from || !here) return
    client.setQueryData(billingQuery(id).queryKey, back.data)
    if (from === 'checkout' && !runs(back.data.subscription)) return
    if (from === 'checkout') {
      // The same notice once, also where an effect runs twice.
      toast.success(`${name} is on the ${plans[back.data.plan].name} plan`, { id: `plan-${id}` })
    }
    router.replace('/settings?tab=billing')
  }, [back.data, from, here, client, id, name, router])
  return {
    waiting: from === 'checkout' && here && !runs(back.data?.subscription ?? null),
    error: from !== null && here && !back.data ? back.error : null,
    retry: () => void back.refetch(),
  }
}
