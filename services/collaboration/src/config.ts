import { field } from '@realtime/kit'
import { z } from 'zod'

/** What the collaboration service needs to run. */
export const collaborationConfig = z.object({
  COLLABORATION_LISTEN: field.listen('collaboration'),
  COLLABORATION_INTERNAL_LISTEN: field.internalListen('collaboration'),
  PUBLIC_URL: field.publicUrl(),
  LOG_LEVEL: field.logLevel(),
  AUTH_URL: field.url('auth'),
  DOCUMENT_INTERNAL_URL: field.internalUrl('document'),
  DOCUMENT_SERVICE_SECRET: field.serviceSecret('document'),
})
export type CollaborationConfig = z.infer<typeof collaborationConfig>
