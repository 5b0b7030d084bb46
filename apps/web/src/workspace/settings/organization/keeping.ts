'use client'
import { type Organization, organizationApi } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { messageOf } from '../../../account/problems.ts'
import { api } from '../../../api.ts'
import { organizationsQuery } from '../../queries.ts'

/** Takes back the deletion of an organization that was asked for. */
export function useKeepOrganization(organization: Organization) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api(organizationApi.cancelDeletion, { params: { id: organization.id } }),
    onSuccess: (saved) => {
      client.setQueryData(organizationsQuery.queryKey, (list) =>
        list?.map((other) => (other.id === saved.id ? saved : other)),
      )
      toast(`${saved.name} stays`)
      // What nobody got at is there again.
      return client.invalidateQueries()
    },
    onError: (error) => toast.error('It is still to be deleted', { description: messageOf(error) }),
  })
}
