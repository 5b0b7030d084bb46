'use client'
import { fileApi, fileId } from '@realtime/contracts'
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { type Api, publicApi } from '../../../api.ts'

/** The address of a file; undefined while it is being asked for, null when there is none. */
export type FileUrl = string | null | undefined
/** Tells the addresses of files; views call it while they render. */
export type Images = (file: string) => FileUrl

/** Most files in one question; the contract's limit. */
const BATCH = 200
/** A question that failed is asked again after this long, in milliseconds; doubled each time. */
const AGAIN_MS = { first: 1_000, most: 30_000 }
/** Addresses are renewed this long before they end, in milliseconds. */
const EARLY_MS = 5 * 60_000

/** The addresses of one resource's files, fetched together and renewed before they end. */
export interface FileLinks {
  get: Images
  /** Asks for files not known yet, soon and in one question. */
  want(files: readonly string[]): void
  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void
  /** A new value whenever an address is new. */
  version(): number
}

/** Exported for tests; components use `useFileLinks`. */
export function createFileLinks(documentId: string, api: Api): FileLinks {
  const links = new Map<string, { url: string | null; until: number }>()
  const wanted = new Set<string>()
  const listeners = new Set<() => void>()
  let version = 0
  let asking = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function schedule(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(ask, ms)
  }

  async function ask(): Promise<void> {
    // Nobody looks: whoever comes back asks again.
    if (asking || listeners.size === 0) return
    const now = Date.now()
    const stale = [...wanted].filter((file) => (links.get(file)?.until ?? 0) - EARLY_MS <= now).slice(0, BATCH)
    if (stale.length === 0) return renewal(now)
    asking = true
    let next = 0
    try {
      const answer = await api(fileApi.fileLinks, { params: { id: documentId }, body: { files: stale } })
      const until = Math.max(Date.parse(answer.expiresAt) || 0, now + EARLY_MS + 30_000)
      const urls = new Map(answer.links.map((link) => [link.file, link.url]))
      // What has no address yet may have been written before its upload was done: it is asked for again in a while.
      for (const file of stale) {
        const url = urls.get(file) ?? null
        links.set(file, { url, until: url ? until : now + EARLY_MS + 20_000 })
      }
      failures = 0
      version++
      for (const listener of listeners) listener()
    } catch {
      next = Math.min(AGAIN_MS.most, AGAIN_MS.first * 2 ** failures++)
    } finally {
      asking = false
    }
    schedule(next)
  }

  function renewal(now: number): void {
    const soonest = Math.min(...[...wanted].map((file) => links.get(file)?.until ?? Number.POSITIVE_INFINITY))
    if (Number.isFinite(soonest)) schedule(Math.max(1_000, soonest - EARLY_MS - now))
  }

  return {
    get: (file) => links.get(file)?.url,
    want(files) {
      // An id that is none would spoil the question for all others.
      for (const file of files) {
        if (fileId.safeParse(file).success) wanted.add(file)
        else links.set(file, { url: null, until: Number.POSITIVE_INFINITY })
      }
      schedule(10)
    },
    subscribe(listener) {
      listeners.add(listener)
      schedule(10)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) clearTimeout(timer)
      }
    },
    version: () => version,
  }
}

const known = new Map<string, FileLinks>()

/** The addresses of the files of a resource: those asked for are fetched together, and stay good. */
export function useFileLinks(documentId: string, files: readonly string[]): Images {
  let links = known.get(documentId)
  if (!links) {
    // A page that anyone may open shows its content also when its session has ended.
    links = createFileLinks(documentId, publicApi)
    known.set(documentId, links)
  }
  const { get, subscribe, version, want } = links
  const current = useSyncExternalStore(subscribe, version, version)
  const key = files.join(' ')
  useEffect(() => {
    if (key) want(key.split(' '))
  }, [key, want])
  // A new function whenever an address is new, so that memoised views look again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  return useCallback<Images>((file) => get(file), [get, current])
}
