'use client'
import { createProvider } from '@realtime/client'
import { colorOf, documentApi, EPOCH_HEADER, type PresenceIdentity, type Problem, type User } from '@realtime/contracts'
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { publicApi, tokens } from '../api.ts'
import type { CopyAbout } from './copies/about.ts'
import { outboxOf } from './copies/outbox.ts'
import { LOADING, openSession, type Session, type SessionSnapshot } from './session.ts'
import { createSessions } from './sessions.ts'

const sessions = createSessions(2_000)
/** What private copies of the documents seen in this tab remember of them. */
const abouts = new Map<string, CopyAbout>()

/** Oneself as others see one. */
export function identityOf(user: User): PresenceIdentity {
  return { id: user.id, name: user.name, color: colorOf(user.id), image: user.image }
}

function openDocument(documentId: string, user: User): Session {
  return openSession({
    async load(signal) {
      const response = await publicApi(documentApi.state, { params: { id: documentId } }, { signal })
      const update = new Uint8Array(await response.arrayBuffer())
      return { epoch: response.headers.get(EPOCH_HEADER), update }
    },
    connect(doc, epoch) {
      const provider = createProvider({
        url: '',
        documentId,
        epoch,
        doc,
        token: () => tokens.token(),
        store: outboxOf(user.id),
        about: () => abouts.get(documentId) ?? null,
      })
      provider.awareness.setLocalStateField('user', identityOf(user))
      return provider
    },
  })
}

/** The session of a document for as long as the component is shown; `about` and `gone` once that is known. */
export function useSession(
  documentId: string,
  user: User,
  about: CopyAbout | null,
  gone: Problem | null = null,
): SessionSnapshot & { retry(): void } {
  useEffect(() => {
    if (about) abouts.set(documentId, about)
  }, [documentId, about])
  const key = `${user.id}/${documentId}`
  const subscribe = useCallback(
    (listener: () => void) => sessions.join(key, () => openDocument(documentId, user), listener),
    [key, documentId, user],
  )
  const snapshot = useSyncExternalStore(
    subscribe,
    () => sessions.snapshot(key),
    () => LOADING,
  )
  const { opened } = snapshot
  useEffect(() => {
    if (opened && gone) sessions.refuse(key, gone)
  }, [key, opened, gone])
  return { ...snapshot, retry: () => sessions.retry(key) }
}
