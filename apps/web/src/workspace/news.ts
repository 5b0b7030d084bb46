'use client'
import { documentApi } from '@realtime/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { createParser } from 'eventsource-parser'
import { useEffect } from 'react'
import { isFinal, publicApi } from '../api.ts'

const RETRY_MS = { first: 1_000, most: 30_000 }

/** Follows the news of an organization: whatever is said to have changed is fetched again. */
export function useNews(organization: string | undefined): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!organization) return
    const stop = new AbortController()
    const refresh = (type?: string) => {
      void client.invalidateQueries({ queryKey: ['versions'] })
      if (type === 'versions.changed') return
      void client.invalidateQueries({ queryKey: ['projects', organization] })
      void client.invalidateQueries({ queryKey: ['documents', organization] })
      void client.invalidateQueries({ queryKey: ['document'] })
    }
    void follow(organization, stop.signal, refresh)
    return () => stop.abort()
  }, [organization, client])
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
