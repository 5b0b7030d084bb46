'use client'
import { teamApi } from '@realtime/contracts'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../api.ts'

/** Who is in a team. */
export const teamMembersQuery = (id: string, teamId: string) =>
  queryOptions({
    queryKey: ['teams', id, teamId],
    queryFn: async ({ signal }) => (await api(teamApi.teamMembers, { params: { id, teamId } }, { signal })).members,
  })
