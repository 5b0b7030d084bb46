import { databaseFields, field } from '@realtime/kit'
import { z } from 'zod'

/** The variables of the organization service. */
export const organizationConfig = z.object({
  ORGANIZATION_LISTEN: field.listen('organization'),
  ORGANIZATION_INTERNAL_LISTEN: field.internalListen('organization'),
  PUBLIC_URL: field.publicUrl(),
  LOG_LEVEL: field.logLevel(),
  ORGANIZATION_SERVICE_SECRET: field.serviceSecret('organization'),
  AUTH_URL: field.url('auth'),
  AUTH_INTERNAL_URL: field.internalUrl('auth'),
  AUTH_SERVICE_SECRET: field.serviceSecret('auth'),
  ...databaseFields,
})

/** DATABASE_SCHEMA is for tests, which give each service a schema of its own; the environment cannot set it. */
export type OrganizationConfig = z.output<typeof organizationConfig> & { DATABASE_SCHEMA?: string }
