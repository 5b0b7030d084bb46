// @vitest-environment happy-dom
import { createProvider, memoryStore, type ProviderState } from '@realtime/client'
import { Problem } from '@realtime/contracts'
import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode, useCallback, useSyncExternalStore } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { LOADING, openSession, type SavedState, type Session } from './session.ts'
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
