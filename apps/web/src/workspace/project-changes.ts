'use client'
import { documentApi, libraryApi, type Project, type ProjectAccess } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { messageOf } from '../account/problems.ts'
import { api } from '../api.ts'
import { useLibraryChange } from './library-change.ts'
import { projectsQuery } from './queries.ts'

export function useCreateProject(organizationId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: { name: string; access: ProjectAccess }) =>
      api(documentApi.createProject, { body: { organizationId, ...input } }),
    onSuccess: (created) =>
      client.setQueryData(projectsQuery(organizationId).queryKey, (list) => (list ? [...list, created] : list)),
    onError: (error) => toast.error('The project was not created', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: projectsQuery(organizationId).queryKey }),
  })
}

type ProjectChange = { project: Project } & Partial<Pick<Project, 'name' | 'icon' | 'access'>> & {
    memberLevel?: Exclude<Project['memberLevel'], 'manage'>
  }

/** Renames a project, changes its icon, or who sees it. */
export function useUpdateProject() {
  return useLibraryChange({
    organizationOf: ({ project }: ProjectChange) => project.organizationId,
    call: ({ project, ...body }) => api(documentApi.updateProject, { params: { id: project.id }, body }),
    show: (client, { project, ...change }) =>
      client.setQueryData(projectsQuery(project.organizationId).queryKey, (list) =>
        list?.map((one) => (one.id === project.id ? { ...one, ...change } : one)),
      ),
    failed: 'The project was not changed',
  })
}

interface ProjectMove {
  project: Project
  /** The project it comes behind; null for the first place. */
  after: string | null
}

/** Puts a project behind another in the sidebar of everybody. */
export function useMoveProject() {
  return useLibraryChange({
    organizationOf: ({ project }: ProjectMove) => project.organizationId,
    call: ({ project, after }) => api(libraryApi.moveProject, { params: { id: project.id }, body: { after } }),
    show: (client, { project, after }) =>
      client.setQueryData(projectsQuery(project.organizationId).queryKey, (list) => {
        const others = list?.filter((one) => one.id !== project.id) ?? []
        const at = after === null ? 0 : others.findIndex((one) => one.id === after) + 1
        return [...others.slice(0, at), project, ...others.slice(at)]
      }),
    failed: 'The project was not moved',
  })
}

/** Deletes a project; what is in it goes to the trash. */
export function useDeleteProject() {
  return useLibraryChange({
    organizationOf: (project: Project) => project.organizationId,
    call: (project) => api(libraryApi.deleteProject, { params: { id: project.id } }),
    show: (client, project) =>
      client.setQueryData(projectsQuery(project.organizationId).queryKey, (list) =>
        list?.filter((one) => one.id !== project.id),
      ),
    done: (_client, project) =>
      toast('Project deleted', { description: `What was in ${project.name} is in the trash.` }),
    failed: 'The project was not deleted',
  })
}
