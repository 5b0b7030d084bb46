'use client'
import type { PresenceIdentity } from '@realtime/contracts'
import { useEffect, useEffectEvent, useState } from 'react'
import { type ShowMessage, useShowChannel } from './channel.ts'
import type { Command } from './keys.ts'
import type { OpenedDeck } from './open-deck.tsx'
import { moved, type Place, placeAt, resolve, shown } from './place.ts'
import { follow, type Point, type Presenter, present, useFollowers, usePresenters } from './presenting.ts'

/** How long a presenter may be away, as when they reload, before it is told, in milliseconds. */
const GRACE_MS = 2_000

export interface ShowOptions {
  opened: OpenedDeck
  /** The slide to begin with; null is the first. */
  start: string | null
  /** The user id of the presenter to follow; null shows the deck by oneself. */
  leader: string | null
}

/** What is shown, and to whom. */
export interface Show {
  slides: ReturnType<typeof shown>
  place: Place
  black: boolean
  laser: Point | null
  /** Whether others are told where one is. */
  presenting: boolean
  followers: ReturnType<typeof useFollowers>
  /** Whom one follows now, with where they are. */
  following: Presenter | null
  /** Who was followed last; null before anybody was. */
  followed: PresenceIdentity | null
  /** Of the presenter whom one would follow: gone, or one moved by oneself. */
  apart: 'detached' | 'ended' | null
  presenters: Presenter[]
  /** Moves; whoever follows somebody goes their own way from then on. */
  move(command: Command): void
  setBlack(black: boolean): void
  point(laser: Point | null): void
  /** Follows from now on. */
  attach(user: string): void
}

/** Runs a show: one's own, told to everybody who has the deck open, or somebody else's. */
export function useShow({ opened, start, leader }: ShowOptions): Show {
  const { deck, awareness, self, documentId } = opened
  const slides = shown(deck.slides)
  const [own, setOwn] = useState<Place>(() => placeAt(deck.slides, start))
  const [black, setBlack] = useState(false)
  const [laser, point] = useState<Point | null>(null)
  const [leading, setLeading] = useState({ user: leader, attached: leader !== null })
  const [since] = useState(() => Date.now())
  const presenters = usePresenters(awareness)
  const followers = useFollowers(awareness, self.id)

  const live = presenters.find((one) => one.person.id === leading.user) ?? null
  const last = useLast(live)
  const ended = useLater(leading.user !== null && live === null, GRACE_MS)
  // For the moment of a reload the presenter counts as being where they were.
  const theirs = leading.attached ? (live ?? (ended ? null : last)) : null
  const presenting = leading.user === null && opened.mayWrite

  const place = resolve(slides, theirs ? { slide: theirs.at.slide, index: own.index } : own)
  // So that a slide that is deleted, or a presenter who leaves, leaves one where one was.
  if (place.slide !== own.slide || place.index !== own.index) setOwn(place)

  const { slide } = place
  useEffect(() => {
    if (!presenting || slide === null) return
    present(awareness, { slide, since, black, laser })
  }, [awareness, presenting, slide, since, black, laser])
  useEffect(() => () => present(awareness, null), [awareness])
  const leads = leading.attached ? leading.user : null
  useEffect(() => {
    follow(awareness, leads)
    return () => follow(awareness, null)
  }, [awareness, leads])

  const move = (command: Command) => {
    const next = moved(slides, place, command)
    if (next === place) return
    setOwn(next)
    setBlack(false)
    point(null)
    setLeading((was) => (was.attached ? { ...was, attached: false } : was))
  }

  const heard = (message: ShowMessage) => {
    if (leading.user !== null) return
    if (message.type === 'hello') tell()
    else if (message.type === 'command') {
      if (message.command === 'black') setBlack((was) => !was)
      else move(message.command)
    }
  }
  // The presenter windows of this browser steer one's own show only.
  const say = useShowChannel(documentId, self.id, heard, leading.user === null ? { type: 'bye' } : null)
  const tell = () => {
    if (leading.user === null) say({ type: 'state', slide, black, followers: followers.length })
  }
  const tellNow = useEffectEvent(tell)
  // biome-ignore lint/correctness/useExhaustiveDependencies: told whenever one of these is new
  useEffect(() => tellNow(), [slide, black, followers.length])

  return {
    slides,
    place,
    black: theirs ? theirs.at.black : black,
    laser: theirs ? theirs.at.laser : laser,
    presenting,
    followers,
    following: theirs,
    followed: last?.person ?? null,
    apart: leading.user === null ? null : ended ? 'ended' : leading.attached ? null : 'detached',
    presenters,
    move,
    setBlack,
    point,
    attach: (user) => setLeading({ user, attached: true }),
  }
}

/** The last value that was not null. */
function useLast<T>(value: T | null): T | null {
  const [last, setLast] = useState(value)
  if (value !== null && value !== last) setLast(value)
  return value ?? last
}

/** Whether something has been so for a while. */
function useLater(so: boolean, ms: number): boolean {
  const [late, setLate] = useState(false)
  if (!so && late) setLate(false)
  useEffect(() => {
    if (!so) return
    const timer = setTimeout(() => setLate(true), ms)
    return () => clearTimeout(timer)
  }, [so, ms])
  return so && late
}
