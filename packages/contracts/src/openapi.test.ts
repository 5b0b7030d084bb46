import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { authInternal } from './auth.ts'
import { documentInternal } from './document.ts'
import type { AnyEndpoint } from './endpoint.ts'
import { openApi, publicApi } from './openapi.ts'
import { organizationInternal } from './organization.ts'

const publicGroups = Object.entries(publicApi)
const internalGroups: [string, Record<string, AnyEndpoint>][] = [
  ['auth internal', authInternal],
  ['organization internal', organizationInternal],
  ['document internal', documentInternal],
]
const everything = [...publicGroups, ...internalGroups].flatMap(([, group]) => Object.values(group))
const publicEndpoints = publicGroups.flatMap(([, group]) => Object.values(group))
const paramsIn = (path: string): string[] => [...path.matchAll(/:([A-Za-z]+)/g)].map((match) => match[1] ?? '')

interface Operation {
  operationId: string
  parameters: { name: string; in: string }[]
}

describe('the OpenAPI document', () => {
  const paths = openApi('1.0.0').paths as Record<string, Record<string, Operation>>
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

  test('lists every public endpoint once', () => {
    const listed = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort()
    const meant = publicEndpoints.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`).sort()
    expect(listed).toEqual(meant)
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length)
  })

  test('declares the parameters of every path', () => {
    for (const { path, operation } of operations) {
      const declared = operation.parameters.filter((each) => each.in === 'path').map(({ name }) => name)
      expect(declared, path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))
    }
  })

  test('is JSON', () => {
    expect(JSON.parse(JSON.stringify(openApi('1.0.0')))).toEqual(openApi('1.0.0'))
  })
})

describe('endpoints', () => {
  test('have a schema for exactly the parameters in their path', () => {
    for (const endpoint of everything) {
      const schema: unknown = endpoint.params
      const named = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
      expect(named, endpoint.path).toEqual(paramsIn(endpoint.path))
    }
  })

  test('are public or internal by their path', () => {
    expect(publicEndpoints.filter(({ access, path }) => access === 'service' || path.startsWith('/internal/'))).toEqual(
      [],
    )
    const internal = internalGroups.flatMap(([, group]) => Object.values(group))
    expect(internal.filter(({ access, path }) => access !== 'service' || !path.startsWith('/internal/'))).toEqual([])
  })

  test('carry no body with GET', () => {
    expect(everything.filter(({ method, body }) => method === 'GET' && body)).toEqual([])
  })
})

// Express takes the first route that matches, and services bind their routes in the order of these tables.
describe.each([...publicGroups, ...internalGroups])('the table of %s', (_name, group) => {
  const endpoints = Object.values(group)
  const shape = ({ method, path }: AnyEndpoint) => `${method} ${path.replace(/:\w+/g, ':')}`

  test('has each method and path once', () => {
    expect(new Set(endpoints.map(shape)).size).toBe(endpoints.length)
  })

  test('names fixed paths before those with parameters that would take them', () => {
    const hidden = endpoints.filter((later, index) =>
      endpoints.slice(0, index).some((earlier) => {
        const pattern = new RegExp(`^${earlier.path.replace(/:\w+/g, '[^/]+')}$`)
        return earlier.method === later.method && pattern.test(later.path)
      }),
    )
    expect(hidden).toEqual([])
  })
})
