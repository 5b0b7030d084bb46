import { z } from 'zod'
import { id, keyScope } from './actor.ts'
import { endpoint } from './endpoint.ts'
import { ownPassword } from './security.ts'
import { line } from './text.ts'

/** A key for programs. What it opens is never more than its person may, and never more than its scopes. */
export const apiKey = z.object({
  id,
  name: z.string(),
  /** How it begins, to recognise it. */
  start: z.string(),
  scopes: z.array(keyScope),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
})
export type ApiKey = z.infer<typeof apiKey>

export const keyApi = {
  keys: endpoint({
    method: 'GET',
    path: '/auth/api-keys',
    summary: 'The own API keys',
    access: 'session',
    response: z.object({ keys: z.array(apiKey) }),
  }),
  createKey: endpoint({
    method: 'POST',
    path: '/auth/api-keys',
    summary:
      'Make an API key; it is shown only in this answer. `password` is needed unless one signed in within ten minutes; `fresh-sign-in-required` where there is none',
    access: 'session',
    body: z.strictObject({
      name: line().min(1, 'must not be empty').max(60),
      scopes: z.array(keyScope).min(1),
      expiresInDays: z.number().int().min(1).max(3650).nullable().default(90),
      password: ownPassword.optional(),
    }),
    response: apiKey.extend({ key: z.string() }),
    status: 201,
  }),
  deleteKey: endpoint({
    method: 'DELETE',
    path: '/auth/api-keys/:id',
    summary: 'Delete an API key; tokens of it are refused within a second',
    access: 'session',
    params: z.object({ id }),
    response: 'empty',
  }),
  exchangeKey: endpoint({
    method: 'POST',
    path: '/auth/api-keys/token',
    summary: 'A ten-minute token for an API key (`Authorization: Bearer KEY`), good for its scopes and nothing else',
    access: 'public',
    response: z.object({ token: z.string(), expiresAt: z.string(), scopes: z.array(keyScope) }),
  }),
}
