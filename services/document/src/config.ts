import { databaseFields, field } from '@realtime/kit'
import { z } from 'zod'

/** The variables of the document service. */
export const documentConfig = z.object({
  DOCUMENT_LISTEN: field.listen('document'),
  DOCUMENT_INTERNAL_LISTEN: field.internalListen('document'),
  DOCUMENT_SERVICE_SECRET: field.serviceSecret('document'),
  PUBLIC_URL: field.publicUrl(),
  LOG_LEVEL: field.logLevel(),
  AUTH_URL: field.url('auth'),
  AUTH_INTERNAL_URL: field.internalUrl('auth'),
  AUTH_SERVICE_SECRET: field.serviceSecret('auth'),
  ORGANIZATION_INTERNAL_URL: field.internalUrl('organization'),
  ORGANIZATION_SERVICE_SECRET: field.serviceSecret('organization'),
  ...databaseFields,
})

/** `DATABASE_SCHEMA` is for tests only: several services read the same environment. */
export type DocumentConfig = z.output<typeof documentConfig> & { DATABASE_SCHEMA?: string }
