'use client'
import { type Deck, deckRoots, readDeck } from '@realtime/resources'
import { useCallback, useSyncExternalStore } from 'react'
import * as Y from 'yjs'

interface Read {
  deck: Deck
  stale: boolean
  /** The slides in which something changed since they were read. */
  changed: Set<string>
  listeners: Set<() => void>
}

const reads = new WeakMap<Y.Doc, Read>()

function readOf(doc: Y.Doc): Read {
  const known = reads.get(doc)
  if (known) return known
  const read: Read = { deck: readDeck(doc), stale: false, changed: new Set(), listeners: new Set() }
  reads.set(doc, read)
  const changed = () => {
    read.stale = true
    for (const listener of read.listeners) listener()
  }
  doc.getMap(deckRoots.deck).observe(changed)
  doc.getMap(deckRoots.slides).observeDeep((events) => {
    // Texts are followed by who shows them; a letter typed is no change of the deck.
    const inMaps = events.filter((event) => event.target instanceof Y.Map)
    for (const { path, keys } of inMaps)
      for (const id of path.length > 0 ? [String(path[0])] : keys.keys()) read.changed.add(id)
    if (inMaps.length > 0) changed()
  })
  return read
}

/** The deck of a document, as state. What did not change stays the same value, down to single elements. */
export function useDeck(doc: Y.Doc): Deck {
  const subscribe = useCallback(
    (listener: () => void) => {
      const { listeners } = readOf(doc)
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    [doc],
  )
  const snapshot = () => {
    const read = readOf(doc)
    if (read.stale) {
      read.stale = false
      const known = read.deck.slides.flatMap((slide) =>
        read.changed.has(slide.id) ? [] : [[slide.id, slide] as const],
      )
      read.changed.clear()
      read.deck = shared(read.deck, readDeck(doc, new Map(known))) as Deck
    }
    return read.deck
  }
  return useSyncExternalStore(subscribe, snapshot, snapshot)
}

/** The new value, made of the parts of the old one that are equal. */
function shared(was: unknown, is: unknown): unknown {
  if (Object.is(was, is)) return was
  if (Array.isArray(was) && Array.isArray(is)) {
    const byId = new Map(was.map((one: unknown) => [idOf(one), one]))
    const next = is.map((one: unknown, index) => shared(byId.get(idOf(one)) ?? was[index], one))
    return next.length === was.length && next.every((one, index) => one === was[index]) ? was : next
  }
  if (!isPlain(was) || !isPlain(is)) return is
  const keys = Object.keys(is)
  const next = Object.fromEntries(keys.map((key) => [key, shared(was[key], is[key])]))
  return keys.length === Object.keys(was).length && keys.every((key) => next[key] === was[key]) ? was : next
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function idOf(value: unknown): unknown {
  return isPlain(value) ? value.id : undefined
}
