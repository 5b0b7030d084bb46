'use client'
import { documentApi } from '@realtime/contracts'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createParser } from 'eventsource-parser'
import { useEffect } from 'react'
import { z } from 'zod'
import { isFinal, publicApi } from '../api.ts'
import { LIBRARY_CHANGE } from './library-change.ts'
import { INBOX_KEY, listsKey } from './queries.ts'

const RETRY_MS = { first: 1_000, most: 30_000 }
/** News that comes within this time, in milliseconds, is looked at together. */
const TOGETHER_MS = 150
/** How long after a look the next one is at least, in milliseconds: many people at work are much news. */
const PAUSE_MS = 1_000

/** A piece of news: what happened, and to which document or project. */
export interface News {
  type: string
  id?: string | undefined
  projectId?: string | undefined
  /** The project out of which it went. */
  from?: string | undefined
}

const subject = z.object({ id: z.string(), projectId: z.string(), from: z.string().nullable() }).partial()

function newsOf(type: string, data: string): News {
  try {
    const { id, projectId, from } = subject.parse(JSON.parse(data))
    return { type, id, projectId, from: from ?? undefined }
  } catch {
    return { type }
  }
}

/** What is asked for again on a piece of news, null after a gap in them; only what is in sight is fetched. */
export function staleAfter(news: News | null, organization: string): (readonly unknown[])[] {
  const lists = listsKey(organization)
  if (news?.type === 'versions.changed') return [['versions']]
  if (news?.type === 'inbox.changed') return [INBOX_KEY]
  if (news?.type === 'comments.changed') return [['comments', ...(news.id ? [news.id] : [])]]
  if (news?.projectId && (news.type === 'document.changed' || news.type === 'document.deleted')) {
    const projects = [news.projectId, ...(news.from ? [news.from] : [])]
    return [
      ...projects.map((project) => [...lists, 'branch', project]),
      ...['favourites', 'shared', 'recent'].map((list) => [...lists, list]),
      ['trash', organization],
      ['document', ...(news.id ? [news.id] : [])],
      ['path'],
      ['versions'],
    ]
  }
  const all = [lists, ['projects', organization], ['trash', organization], ['document'], ['path'], ['versions']]
  const shares = [['shares'], ['project-shares'], ['comments']]
  return news ? [...all, ...shares] : [...all, ...shares, INBOX_KEY]
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
function gather(client: QueryClient, organization: string, signal: AbortSignal): (news: News | null) => void {
  const waiting = new Map<string, readonly unknown[]>()
  let looked = Number.NEGATIVE_INFINITY
  function look(): void {
    if (signal.aborted) return
    if (client.isMutating({ mutationKey: LIBRARY_CHANGE }) > 0) {
      setTimeout(look, TOGETHER_MS)
      return
    }
    const keys = [...waiting.values()]
    waiting.clear()
    looked = performance.now()
    for (const queryKey of keys) void client.invalidateQueries({ queryKey })
  }
  return (news) => {
    if (waiting.size === 0) setTimeout(look, Math.max(TOGETHER_MS, looked + PAUSE_MS - performance.now()))
    for (const key of staleAfter(news, organization)) waiting.set(JSON.stringify(key), key)
  }
}

/** Reads the stream until stopped, again and again; after a gap everything counts as changed. */
async function follow(organization: string, signal: AbortSignal, refresh: (news: News | null) => void): Promise<void> {
  let failures = 0
  let missed = false
  while (!signal.aborted) {
    try {
      const response = await publicApi(documentApi.events, { query: { organization } }, { signal })
      failures = 0
      if (missed) refresh(null)
      const parser = createParser({ onEvent: ({ event, data }) => refresh(newsOf(event ?? '', data)) })
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
