// @vitest-environment happy-dom
import { createProvider, memoryStore, type ProviderState } from '@realtime/client'
import { Problem } from '@realtime/contracts'
import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode, useCallback, useSyncExternalStore } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { LOADING, openSession, type SavedState, type Session, type SessionSnapshot } from './session.ts'
import { createSessions, type Sessions } from './sessions.ts'

/** A saved document with one paragraph; its socket leads nowhere. */
function savedState(): SavedState {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, 'hello')
  return { epoch: 'e1', update: Y.encodeStateAsUpdate(doc) }
}

function connect(doc: Y.Doc, epoch: string | null, store = memoryStore()) {
  return createProvider({
    url: 'http://127.0.0.1:9',
    documentId: 'd1',
    epoch,
    doc,
    token: async () => {
      throw new Problem('unavailable')
    },
    store,
  })
}

describe('a session', () => {
  let session: Session | undefined
  afterEach(() => session?.close())

  it('shows the saved content before there is a connection, as nothing of its own', async () => {
    session = openSession({ load: async () => savedState(), connect })
    expect(session.snapshot()).toEqual(LOADING)
    await vi.waitFor(() => expect(session?.snapshot().opened).not.toBeNull())
    const { opened, state } = session.snapshot()
    expect(opened?.doc.getText('t').toString()).toBe('hello')
    expect(state?.pending).toBe(0)
  })

  it('tells a failure to load, and loads again on retry', async () => {
    let fails = true
    session = openSession({
      load: async () => {
        if (fails) throw new Problem('unavailable')
        return savedState()
      },
      connect,
    })
    await vi.waitFor(() => expect(session?.snapshot().failure?.error).toBeInstanceOf(Problem))
    fails = false
    session.retry()
    await vi.waitFor(() => expect(session?.snapshot().opened).not.toBeNull())
    expect(session.snapshot().failure).toBeNull()
  })

  it('loads again by itself while the server is away, and not what is refused', async () => {
    const load = vi.fn(async () => {
      if (load.mock.calls.length < 3) throw new Problem('unavailable')
      throw new Problem('not-found')
    })
    session = openSession({ load, connect })
    await vi.waitFor(() => expect(session?.snapshot().failure?.times).toBe(3), 4_000)
    vi.useFakeTimers()
    await vi.advanceTimersByTimeAsync(60_000)
    vi.useRealTimers()
    expect(load).toHaveBeenCalledTimes(3)
  })

  it('opens nothing after it was closed while loading', async () => {
    let answer: (state: SavedState) => void = () => {}
    const connected = vi.fn(connect)
    session = openSession({
      load: () =>
        new Promise((resolve) => {
          answer = resolve
        }),
      connect: connected,
    })
    session.close()
    answer(savedState())
    await Promise.resolve()
    expect(connected).not.toHaveBeenCalled()
  })

  /** A provider that is what the test makes of it. */
  function scripted(doc: Y.Doc) {
    let state: ProviderState = {
      phase: 'online',
      everSynced: true,
      pending: 0,
      persisted: true,
      stalledMs: null,
      permission: 'write',
      problem: null,
      loading: false,
      unread: false,
      setAside: null,
      copies: 0,
    }
    const listeners = new Set<() => void>()
    const provider = connect(doc, 'e1')
    const destroy = vi.fn(() => provider.destroy())
    return {
      provider: {
        doc,
        awareness: provider.awareness,
        get state() {
          return state
        },
        subscribe(listener: () => void) {
          listeners.add(listener)
          return () => void listeners.delete(listener)
        },
        retry: () => {},
        refuse: () => {},
        destroy,
        settled: () => provider.settled(),
      },
      say(change: Partial<ProviderState>) {
        state = { ...state, ...change }
        for (const listener of listeners) listener()
      },
    }
  }

  const aside = { phase: 'refused', copies: 1, problem: new Problem('read-only') } as const
  const copy = { id: 'c', document: 'd1', epoch: 'e1', at: 0, reason: 'read-only', detail: '', count: 1 } as const
  const setAside = { ...copy, whole: true, about: null }

  it('opens the document anew when edits were set aside, and counts the copies', async () => {
    const made: ReturnType<typeof scripted>[] = []
    session = openSession({
      load: async () => savedState(),
      connect: (doc) => {
        const one = scripted(doc)
        made.push(one)
        return one.provider
      },
    })
    await vi.waitFor(() => expect(made).toHaveLength(1))
    made[0]?.provider.doc.getText('t').insert(5, ' refused')
    made[0]?.say({ ...aside, setAside: null, copies: 0, pending: 1 })
    made[0]?.say({ ...aside, setAside, pending: 0 })
    made[0]?.say({ ...aside, setAside: { ...setAside, count: 2 } })
    await vi.waitFor(() => expect(made).toHaveLength(2))
    expect(made[0]?.provider.destroy).toHaveBeenCalledTimes(1)
    const { opened, state, copies } = session.snapshot()
    expect(opened?.doc.getText('t').toString()).toBe('hello')
    expect(state).toMatchObject({ phase: 'online', copies: 0 })
    expect(copies).toBe(1)
    made[1]?.say({ copies: 2 })
    expect(session.snapshot().copies).toBe(3)
  })

  it('opens a replaced document anew, but not one with edits that are kept nowhere else', async () => {
    const made: ReturnType<typeof scripted>[] = []
    const connected = (doc: Y.Doc) => {
      const one = scripted(doc)
      made.push(one)
      return one.provider
    }
    session = openSession({ load: async () => savedState(), connect: connected })
    await vi.waitFor(() => expect(made).toHaveLength(1))
    const replaced = { phase: 'refused', problem: new Problem('epoch-changed') } as const
    made[0]?.say({ ...replaced, pending: 1, persisted: false })
    await Promise.resolve()
    expect(made).toHaveLength(1)
    made[0]?.say({ pending: 0 })
    await vi.waitFor(() => expect(made).toHaveLength(2))
  })

  it('leaves it to the person after a few times, so that nothing goes round for ever', async () => {
    const load = vi.fn(async () => savedState())
    session = openSession({
      load,
      connect: (doc) => {
        const one = scripted(doc)
        setTimeout(() => one.say({ ...aside, setAside }))
        return one.provider
      },
    })
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(4))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(load).toHaveBeenCalledTimes(4)
    expect(session.snapshot().state).toMatchObject({ phase: 'refused' })
  })

  it('says that a document is gone when it is, once its edits were set aside', async () => {
    const gone = { now: false }
    let said: ReturnType<typeof scripted> | undefined
    session = openSession({
      load: async () => {
        if (gone.now) throw new Problem('not-found')
        return savedState()
      },
      connect: (doc) => {
        said = scripted(doc)
        return said.provider
      },
    })
    await vi.waitFor(() => expect(said).toBeDefined())
    gone.now = true
    said?.say({ ...aside, setAside })
    await vi.waitFor(() => expect(session?.snapshot().failure?.error).toMatchObject({ key: 'not-found' }))
    expect(session.snapshot()).toMatchObject({ opened: null, copies: 1 })
  })

  it('has the browser ask before leaving only while edits are kept nowhere', async () => {
    const broken = memoryStore()
    broken.add = async () => {
      throw new Error('no room')
    }
    session = openSession({ load: async () => savedState(), connect: (doc, epoch) => connect(doc, epoch, broken) })
    await vi.waitFor(() => expect(session?.snapshot().opened).not.toBeNull())
    const leaving = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
    expect(leaving()).toBe(false)
    session.snapshot().opened?.doc.getText('t').insert(5, '!')
    await vi.waitFor(() => expect(leaving()).toBe(true))
    session.close()
    expect(leaving()).toBe(false)
  })
})

function Page({ sessions, open }: { sessions: Sessions; open(): Session }) {
  const subscribe = useCallback((listener: () => void) => sessions.join('a', open, listener), [sessions, open])
  const snapshot = useSyncExternalStore(subscribe, () => sessions.snapshot('a'))
  return <p>{snapshot === LOADING ? 'loading' : 'other'}</p>
}

describe('the registry of sessions', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => {
    cleanup()
    vi.useRealTimers()
  })

  /** A session that counts how often it was opened and closed. */
  function counting() {
    const counts = { opened: 0, closed: 0 }
    const open = (): Session => {
      counts.opened++
      return {
        snapshot: () => LOADING,
        subscribe: () => () => {},
        retry: () => {},
        refuse: () => {},
        close: () => void counts.closed++,
      }
    }
    return { counts, open }
  }

  it('opens one session for all who take part, and closes it a while after the last left', () => {
    const sessions = createSessions(2_000)
    const { counts, open } = counting()
    const first = sessions.join('a', open, () => {})
    const second = sessions.join('a', open, () => {})
    expect(counts.opened).toBe(1)
    first()
    first()
    vi.advanceTimersByTime(5_000)
    expect(counts.closed).toBe(0)
    second()
    vi.advanceTimersByTime(1_999)
    expect(counts.closed).toBe(0)
    vi.advanceTimersByTime(1)
    expect(counts.closed).toBe(1)
  })

  it('goes on with the same session for who comes back in time', () => {
    const sessions = createSessions(2_000)
    const { counts, open } = counting()
    sessions.join('a', open, () => {})()
    vi.advanceTimersByTime(1_500)
    const leave = sessions.join('a', open, () => {})
    vi.advanceTimersByTime(10_000)
    expect(counts).toEqual({ opened: 1, closed: 0 })
    leave()
    vi.advanceTimersByTime(2_000)
    sessions.join('a', open, () => {})
    expect(counts).toEqual({ opened: 2, closed: 1 })
  })

  it('begins anew for who comes back after they were refused', () => {
    const sessions = createSessions(2_000)
    const { counts, open } = counting()
    let shown: SessionSnapshot = { ...LOADING, failure: { error: new Problem('not-found'), times: 1 } }
    const refused = () => ({ ...open(), snapshot: () => shown })
    const first = sessions.join('a', refused, () => {})
    const second = sessions.join('a', refused, () => {})
    expect(counts).toEqual({ opened: 1, closed: 0 })
    first()
    second()
    const third = sessions.join('a', refused, () => {})
    expect(counts).toEqual({ opened: 2, closed: 1 })
    shown = LOADING
    third()
    sessions.join('a', refused, () => {})
    vi.advanceTimersByTime(10_000)
    expect(counts).toEqual({ opened: 2, closed: 1 })
  })

  it('keeps a session that nobody looks at until its edits are saved', () => {
    const sessions = createSessions(2_000)
    const { counts, open } = counting()
    const state: ProviderState = {
      phase: 'offline',
      everSynced: true,
      pending: 1,
      persisted: false,
      stalledMs: null,
      permission: 'write',
      problem: null,
      loading: false,
      unread: false,
      setAside: null,
      copies: 0,
    }
    sessions.join(
      'a',
      () => ({ ...open(), snapshot: () => ({ ...LOADING, state }) }),
      () => {},
    )()
    vi.advanceTimersByTime(10_000)
    expect(counts.closed).toBe(0)
    state.pending = 0
    vi.advanceTimersByTime(2_000)
    expect(counts.closed).toBe(1)
  })

  it('opens once under StrictMode', () => {
    const sessions = createSessions(2_000)
    const { counts, open } = counting()
    const page = render(
      <StrictMode>
        <Page sessions={sessions} open={open} />
      </StrictMode>,
    )
    expect(screen.getByText('loading')).toBeTruthy()
    act(() => void vi.advanceTimersByTime(5_000))
    expect(counts).toEqual({ opened: 1, closed: 0 })
    page.unmount()
    act(() => void vi.advanceTimersByTime(2_000))
    expect(counts.closed).toBe(1)
  })
})
