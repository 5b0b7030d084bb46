import type { Project, Resource } from '@realtime/contracts'

/** A document as the server tells of it, for tests. */
export function aDocument(id: string, change: Partial<Resource> = {}): Resource {
  return {
    id,
    projectId: 'p1',
    organizationId: 'o1',
    kind: 'document',
    title: `Title of ${id}`,
    epoch: 'e1',
    parentId: null,
    hasChildren: false,
    icon: null,
    cover: null,
    favourite: false,
    shared: false,
    permission: 'write',
    level: 'manage',
    createdBy: 'user:u1',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...change,
  }
}

/** A project, for tests. */
export function aProject(id: string, change: Partial<Project> = {}): Project {
  return {
    id,
    organizationId: 'o1',
    name: `Project ${id}`,
    icon: null,
    access: 'organization',
    memberLevel: 'edit',
    level: 'manage',
    createdAt: '2026-01-01T00:00:00.000Z',
    ...change,
  }
}
