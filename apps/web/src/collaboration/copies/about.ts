import { kind, type Resource } from '@realtime/contracts'
import { z } from 'zod'

/** What a private copy remembers of its document, which may be gone when it is looked at. */
export const copyAbout = z.object({
  kind,
  title: z.string(),
  projectId: z.string(),
  organizationId: z.string(),
})
export type CopyAbout = z.infer<typeof copyAbout>

export function aboutOf({ kind, title, projectId, organizationId }: Resource): CopyAbout {
  return { kind, title, projectId, organizationId }
}

/** What a copy says of its document; null where it was never known. */
export function readAbout(value: unknown): CopyAbout | null {
  return copyAbout.safeParse(value).data ?? null
}
