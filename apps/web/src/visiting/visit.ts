import { type OutputOf, Problem, sharingApi, type User } from '@realtime/contracts'
import { z } from 'zod'
import { publicApi } from '../api.ts'
import type { IssuedToken } from '../tokens.ts'

/** Somebody who came in by a share link. */
export interface Visit {
  documentId: string
  level: OutputOf<typeof sharingApi.openLink>['level']
  /** Who one is to others and to the log: lasts as long as this browser keeps the proof. */
  principal: string
  name: string
  issued: IssuedToken
}

const kept = z.object({ visitor: z.string().max(300), name: z.string().max(60) })
const NAME = 'realtime.visitor.name'
const keyOf = (token: string) => `realtime.visitor.${token.slice(0, 20)}`

/** What this browser keeps of earlier visits by a link; null for none. */
export function keptVisit(token: string): z.infer<typeof kept> | null {
  try {
    return kept.safeParse(JSON.parse(localStorage.getItem(keyOf(token)) ?? 'null')).data ?? null
  } catch {
    return null
  }
}

/** The name one gave last, by any link. */
export function keptName(): string {
  try {
    return localStorage.getItem(NAME) ?? ''
  } catch {
    return ''
  }
}

function keep(token: string, visitor: string, name: string): void {
  try {
    localStorage.setItem(keyOf(token), JSON.stringify({ visitor, name }))
    localStorage.setItem(NAME, name)
  } catch {
    // Then one is somebody new after a reload.
  }
}

/** Whether a link wants a password of this browser, and what it gives. @throws Problem `invalid-token` */
export function previewVisit(token: string, signal?: AbortSignal) {
  const visitor = keptVisit(token)?.visitor
  return publicApi(
    sharingApi.previewLink,
    { body: { token, ...(visitor ? { visitor } : {}) } },
    signal ? { signal } : {},
  )
}

/**
 * Comes in by a link, as whoever one was before in this browser.
 * @throws Problem `invalid-token`, `password-required`, `wrong-credentials`, `rate-limited`
 */
export async function openVisit(token: string, given: { name?: string; password?: string } = {}): Promise<Visit> {
  const before = keptVisit(token)
  const name = given.name?.trim() || before?.name
  const opened = await publicApi(sharingApi.openLink, {
    body: {
      token,
      ...(name ? { name } : {}),
      ...(given.password ? { password: given.password } : {}),
      ...(before ? { visitor: before.visitor } : {}),
    },
  })
  keep(token, opened.visitor, opened.name)
  const { documentId, level, expiresAt } = opened
  const principal = principalIn(opened.token)
  return { documentId, level, principal, name: opened.name, issued: { token: opened.token, expiresAt } }
}

/** The principal that a visitor's token names. Nothing is verified: it is the server that does. */
export function principalIn(token: string): string {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
    const { sub } = z.object({ sub: z.string().min(1) }).parse(JSON.parse(atob(payload)))
    return `link:${sub}`
  } catch (cause) {
    throw new Problem('internal', undefined, { cause })
  }
}

/** A visitor as the pages know people. */
export function visitorAsUser({ principal, name }: Pick<Visit, 'principal' | 'name'>): User {
  return {
    id: principal,
    name,
    email: '',
    emailVerified: false,
    image: null,
    administrator: false,
    createdAt: new Date(0).toISOString(),
  }
}

/** Whether a link will never let this browser in again. */
export function isOver(error: unknown): error is Problem {
  return error instanceof Problem && ['invalid-token', 'not-found', 'invalid-input', 'forbidden'].includes(error.key)
}
