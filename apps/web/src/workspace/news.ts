'use client'
import { documentApi } from '@realtime/contracts'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createParser } from 'eventsource-parser'
import { useEffect } from 'react'
import { isFinal, publicApi } from '../api.ts'
import { LIBRARY_CHANGE } from './library-change.ts'
import { INBOX_KEY, listsKey } from './queries.ts'

const RETRY_MS = { first: 1_000, most: 30_000 }
/** News that comes within this time, in milliseconds, is looked at together. */
const TOGETHER_MS = 150

/** What is asked for again on a piece of news; only what is in sight is fetched. */
export function staleAfter(type: string | undefined, organization: string): (readonly unknown[])[] {
  if (type === 'versions.changed') return [['versions']]
  if (type === 'inbox.changed') return [INBOX_KEY]
  const lists = [listsKey(organization), ['projects', organization], ['trash', organization]]
  const documents = [['document'], ['path'], ['shares'], ['project-shares'], ['versions']]
  // After a gap in the news anything may have happened.
  return type === undefined ? [...lists, ...documents, INBOX_KEY] : [...lists, ...documents]
}

/** Follows the news of an organization: whatever is said to have changed is fetched again. */
export function useNews(organization: string | undefined): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!organization) return
    const stop = new AbortController()
    const refresh = gather(client, organization, stop.signal)
    void follow(organization, stop.signal, refresh)
    return () => stop.abort()
  }, [organization, client])
}

/** Looks at news in a moment, and not while own changes are on their way: lists of before would take those back. */
function gather(client: QueryClient, organization: string, signal: AbortSignal): (type?: string) => void {
  const waiting = new Map<string, readonly unknown[]>()
  function look(): void {
    if (signal.aborted) return
    if (client.isMutating({ mutationKey: LIBRARY_CHANGE }) > 0) {
      later()
      return
    }
    const keys = [...waiting.values()]
    waiting.clear()
    for (const queryKey of keys) void client.invalidateQueries({ queryKey })
  }
  function later(): void {
    setTimeout(look, TOGETHER_MS)
  }
  return (type) => {
    if (waiting.size === 0) later()
    for (const key of staleAfter(type, organization)) waiting.set(JSON.stringify(key), key)
  }
}

/** Reads the stream until stopped, again and again; after a gap everything counts as changed. */
async function follow(organization: string, signal: AbortSignal, refresh: (type?: string) => void): Promise<void> {
  let failures = 0
  let missed = false
  while (!signal.aborted) {
    try {
      const response = await publicApi(documentApi.events, { query: { organization } }, { signal })
      failures = 0
      if (missed) refresh()
      const parser = createParser({ onEvent: ({ event }) => refresh(event) })
      const decoder = new TextDecoder()
      const reader = response.body?.getReader()
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
        parser.feed(decoder.decode(part.value, { stream: true }))
    } catch (error) {
      if (signal.aborted || isFinal(error)) return
    }
    missed = true
    const wait = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failures++) * (0.75 + Math.random() / 2)
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
