'use client'
import { type BillingInterval, billingApi, type PlanKey } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { messageOf } from '../account/problems.ts'
import { api } from '../api.ts'
import { billingQuery } from './queries.ts'

/** Goes to Stripe: to pay for a plan, or to manage the subscription. Busy until the other page is there. */
export function useStripe(organizationId: string) {
  const client = useQueryClient()
  const params = { id: organizationId }
  const leave = ({ url }: { url: string }) => location.assign(url)
  const failed = (error: unknown) => {
    toast.error('Stripe was not opened', { description: messageOf(error) })
    // The page may show what is no longer so.
    void client.invalidateQueries({ queryKey: billingQuery(organizationId).queryKey })
  }
  const checkout = useMutation({
    mutationFn: (body: { plan: Exclude<PlanKey, 'free'>; interval: BillingInterval }) =>
      api(billingApi.checkout, { params, body }),
    onSuccess: leave,
    onError: failed,
  })
  const portal = useMutation({
    mutationFn: () => api(billingApi.portal, { params }),
    onSuccess: leave,
    onError: failed,
  })
  // A success stays busy: the page is being left.
  const busy = checkout.isPending || checkout.isSuccess || portal.isPending || portal.isSuccess
  return { checkout, portal, busy }
}

export type StripeDoor = ReturnType<typeof useStripe>
