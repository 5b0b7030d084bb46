'use client'
import { type PrivateCopy, setAsideKept } from '@realtime/client'
import { Problem } from '@realtime/contracts'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { toast } from 'sonner'
import { outboxOf } from './outbox.ts'

/** The private copies of a person on this device, of one document or of all, newest first. No server is asked. */
export const copiesQuery = (userId: string, documentId?: string) =>
  queryOptions({
    queryKey: ['private-copies', userId, ...(documentId ? [documentId] : [])],
    queryFn: async () => (await outboxOf(userId).copies(documentId)).sort((one, other) => other.at - one.at),
    networkMode: 'always',
    retry: false,
  })

/** The copies of a document; `made` rises when there are new ones. Empty where the device keeps none. */
export function useCopies(userId: string, documentId: string, made: number): PrivateCopy[] {
  const client = useQueryClient()
  const { data } = useQuery(copiesQuery(userId, documentId))
  useEffect(() => {
    if (made > 0) void client.invalidateQueries({ queryKey: ['private-copies', userId] })
  }, [client, userId, made])
  return data ?? []
}

/** Makes copies of edits that wait for a document that is not there any more. */
export function useSetAsideGone(userId: string, documentId: string, gone: boolean): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!gone) return
    setAsideKept(outboxOf(userId), documentId, new Problem('not-found')).then(
      () => client.invalidateQueries({ queryKey: ['private-copies', userId] }),
      // They wait as before.
      () => {},
    )
  }, [client, userId, documentId, gone])
}

/** Throws a copy away. */
export function useDiscard(userId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (copy: PrivateCopy) => outboxOf(userId).forget(copy.id),
    networkMode: 'always',
    onError: () => toast.error('The private copy was not discarded', { description: 'This browser did not let us.' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['private-copies', userId] }),
  })
}
