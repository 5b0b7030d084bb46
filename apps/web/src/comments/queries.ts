'use client'
import { commentApi, type Thread } from '@realtime/contracts'
import { keepPreviousData, type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../api.ts'

const keyOf = (id: string) => ['comments', id] as const

/** The threads of a document, the oldest first, and the pictures of those who wrote in them. */
export const threadsQuery = (id: string) =>
  queryOptions({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => api(commentApi.threads, { params: { id } }, { signal }),
  })

/** Who may be mentioned on a document, by the beginning of a word of their name. */
export const mentionableQuery = (id: string, q: string) =>
  queryOptions({
    queryKey: ['mentionable', id, q],
    queryFn: async ({ signal }) =>
      (await api(commentApi.mentionable, { params: { id }, query: { q } }, { signal })).people,
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
    placeholderData: keepPreviousData,
  })

/** Puts a thread as the server has it now among the others. */
async function put(client: QueryClient, thread: Thread): Promise<void> {
  const { queryKey } = threadsQuery(thread.documentId)
  // What was asked for before may come back without it.
  await client.cancelQueries({ queryKey })
  client.setQueryData(
    queryKey,
    (data) =>
      data && {
        ...data,
        threads: data.threads.some((one) => one.id === thread.id)
          ? data.threads.map((one) => (one.id === thread.id ? thread : one))
          : [...data.threads, thread],
      },
  )
  void client.invalidateQueries({ queryKey })
}

/** What somebody does with the comments of a document; each fails with a Problem that its caller shows. */
export function useCommenting(id: string) {
  const client = useQueryClient()
  const onSuccess = (thread: Thread) => put(client, thread)
  // Whatever was refused, things are no more as this page has them.
  const onError = () => void client.invalidateQueries({ queryKey: keyOf(id) })
  const begin = useMutation({
    mutationFn: (body: { text: string; anchor: Thread['anchor'] }) =>
      api(commentApi.beginThread, { params: { id }, body }),
    onSuccess,
  })
  const answer = useMutation({
    mutationFn: ({ thread, text }: { thread: string; text: string }) =>
      api(commentApi.answerThread, { params: { id, thread }, body: { text } }),
    onSuccess,
    onError,
  })
  const resolve = useMutation({
    mutationFn: ({ thread, resolved }: { thread: string; resolved: boolean }) =>
      api(commentApi.resolveThread, { params: { id, thread }, body: { resolved } }),
    onSuccess,
    onError,
  })
  const edit = useMutation({
    mutationFn: ({ thread, comment, text }: { thread: string; comment: string; text: string }) =>
      api(commentApi.editComment, { params: { id, thread, comment }, body: { text } }),
    onSuccess,
    onError,
  })
  const remove = useMutation({
    mutationFn: ({ thread, comment }: { thread: string; comment: string }) =>
      api(commentApi.deleteComment, { params: { id, thread, comment } }),
    onSettled: () => client.invalidateQueries({ queryKey: keyOf(id) }),
  })
  return { begin, answer, resolve, edit, remove }
}

export type Commenting = ReturnType<typeof useCommenting>
