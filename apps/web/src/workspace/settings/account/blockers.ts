import { Problem } from '@realtime/contracts'
import { z } from 'zod'

/** The names of organizations that one may not leave, as the `conflict` of leaving all of them says; null for all else. */
export function blockersOf(error: unknown): string[] | null {
  if (!(error instanceof Problem) || error.key !== 'conflict') return null
  const named = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])
  const names = z.array(named).min(1).safeParse(error.extra.organizations)
  return names.success ? names.data : null
}
