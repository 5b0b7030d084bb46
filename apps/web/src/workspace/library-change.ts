'use client'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { messageOf } from '../account/problems.ts'
import { showAgain, shownOf } from './lists.ts'
import { listsKey } from './queries.ts'

/** Names every change of the tree that is under way. */
export const LIBRARY_CHANGE = ['library-change'] as const

interface LibraryChange<Input, Output> {
  organizationOf(input: Input): string
  /** The one command to the server. */
  call(input: Input): Promise<Output>
  /** Shows what it will have done. */
  show(client: QueryClient, input: Input): unknown
  done?(client: QueryClient, input: Input, output: Output): unknown
  /** What to say when it was refused. */
  failed: string
}

/**
 * A change of the tree: shown at once, told to the server as one command after those before it, and taken back with a
 * word when that refuses. Whatever came of it, the server's lists are shown afterwards.
 */
export function useLibraryChange<Input, Output>(change: LibraryChange<Input, Output>) {
  const client = useQueryClient()
  return useMutation({
    mutationKey: LIBRARY_CHANGE,
    scope: { id: LIBRARY_CHANGE[0] },
    mutationFn: change.call,
    onMutate: async (input: Input) => {
      const organization = change.organizationOf(input)
      // Answers that are on their way are older than this.
      await Promise.all([
        client.cancelQueries({ queryKey: listsKey(organization) }),
        client.cancelQueries({ queryKey: ['projects', organization] }),
      ])
      const before = shownOf(client, organization)
      change.show(client, input)
      return before
    },
    onSuccess: (output, input) => void change.done?.(client, input, output),
    onError: (error, _input, before) => {
      if (before) showAgain(client, before)
      toast.error(change.failed, { description: messageOf(error) })
    },
    onSettled: (_output, _error, input) => {
      // Lists as they were between two changes would take the later one back for a moment.
      if (client.isMutating({ mutationKey: LIBRARY_CHANGE }) > 1) return
      const organization = change.organizationOf(input)
      void client.invalidateQueries({ queryKey: listsKey(organization) })
      void client.invalidateQueries({ queryKey: ['projects', organization] })
      void client.invalidateQueries({ queryKey: ['trash', organization] })
    },
  })
}
