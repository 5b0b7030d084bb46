import { z } from 'zod'
import { administrationApi } from './administration.ts'
import { aiApi } from './ai.ts'
import { auditApi } from './audit.ts'
import { authApi } from './auth.ts'
import { billingApi } from './billing.ts'
import { commentApi } from './comments.ts'
import { documentApi } from './document.ts'
import type { AnyEndpoint } from './endpoint.ts'
import { healthApi } from './health.ts'
import { keyApi } from './keys.ts'
import { libraryApi } from './library.ts'
import { organizationApi } from './organization.ts'
import { PROBLEM_TYPE, problems } from './problem.ts'
import { securityApi } from './security.ts'
import { sharingApi } from './sharing.ts'
import { teamApi } from './teams.ts'

/** Every public operation, by the tag it is listed under. */
export const publicApi: Record<string, Record<string, AnyEndpoint>> = {
  auth: { ...authApi, ...securityApi, ...keyApi },
  administration: administrationApi,
  organization: { ...organizationApi, ...teamApi, ...auditApi },
  billing: billingApi,
  document: documentApi,
  library: libraryApi,
  comments: commentApi,
  sharing: sharingApi,
  ai: aiApi,
  gateway: healthApi,
}

/** The OpenAPI 3.1 document of the public operations. */
export function openApi(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [tag, group] of Object.entries(publicApi)) {
    for (const [name, endpoint] of Object.entries(group)) {
      const path = endpoint.path.replace(/:([A-Za-z]+)/g, '{$1}')
      paths[path] ??= {}
      paths[path][endpoint.method.toLowerCase()] = operation(tag, name, endpoint)
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Realtime Collaborator', version, license: { name: 'MIT', identifier: 'MIT' } },
    paths,
    components: {
      securitySchemes: {
        user: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        session: { type: 'apiKey', in: 'cookie', name: 'session' },
      },
      schemas: {
        Problem: {
          type: 'object',
          properties: { type: { enum: Object.keys(problems).map((key) => `/problems/${key}`) } },
        },
      },
    },
  }
}

function operation(tag: string, name: string, endpoint: AnyEndpoint): Record<string, unknown> {
  const status = endpoint.status ?? (endpoint.response === 'empty' ? 204 : 200)
  const content = contentOf(endpoint.response, 'output')
  return {
    operationId: `${tag}-${name}`,
    tags: [tag],
    summary: endpoint.summary,
    ...(endpoint.access === 'public' ? {} : { security: [{ [endpoint.access]: [] }] }),
    parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
    ...(endpoint.body
      ? { requestBody: { required: true, content: contentOf(endpoint.body, 'input', endpoint.bodyType) } }
      : {}),
    responses: {
      [status]: { description: 'Success', ...(content ? { content } : {}) },
      default: {
        description: 'Problem',
        content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function contentOf(
  value: z.ZodType | string,
  io: 'input' | 'output',
  binaryType = 'application/octet-stream',
): Record<string, unknown> | undefined {
  if (value === 'empty') return undefined
  if (value === 'binary') return { [binaryType]: { schema: { type: 'string', format: 'binary' } } }
  if (value === 'events') return { 'text/event-stream': { schema: { type: 'string' } } }
  return { 'application/json': { schema: z.toJSONSchema(value as z.ZodType, { io, unrepresentable: 'any' }) } }
}

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Record<string, unknown>[] {
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: where,
    required: where === 'path' || !(field as z.ZodType).safeParse(undefined).success,
    schema: z.toJSONSchema(field as z.ZodType, { io: 'input', unrepresentable: 'any' }),
  }))
}
