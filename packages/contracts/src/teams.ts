import { z } from 'zod'
import { id } from './actor.ts'
import { endpoint } from './endpoint.ts'
import { line } from './text.ts'

export const teamName = line().min(1, 'must not be empty').max(60)

/** Some people of an organization, with whom things are shared together. */
export const team = z.object({
  id,
  name: z.string(),
  members: z.number().int(),
  /** Whether whoever asks is in it. */
  mine: z.boolean(),
  createdAt: z.string(),
})
export type Team = z.infer<typeof team>

const byId = z.object({ id })
const byTeam = z.object({ id, teamId: id })
const byMember = z.object({ id, teamId: id, userId: id })

/** Teams: everybody but guests sees them, owner and admin change them. */
export const teamApi = {
  teams: endpoint({
    method: 'GET',
    path: '/orgs/:id/teams',
    summary: 'The teams of an organization, by name',
    access: 'user',
    params: byId,
    response: z.object({ teams: z.array(team) }),
  }),
  createTeam: endpoint({
    method: 'POST',
    path: '/orgs/:id/teams',
    summary: 'Create a team',
    access: 'user',
    params: byId,
    body: z.strictObject({ name: teamName }),
    response: team,
    status: 201,
  }),
  renameTeam: endpoint({
    method: 'PATCH',
    path: '/orgs/:id/teams/:teamId',
    summary: 'Rename a team',
    access: 'user',
    params: byTeam,
    body: z.strictObject({ name: teamName }),
    response: team,
  }),
  deleteTeam: endpoint({
    method: 'DELETE',
    path: '/orgs/:id/teams/:teamId',
    summary: 'Delete a team; what was shared with it is shared with it no more',
    access: 'user',
    params: byTeam,
    response: 'empty',
  }),
  teamMembers: endpoint({
    method: 'GET',
    path: '/orgs/:id/teams/:teamId/members',
    summary: 'Who is in a team',
    access: 'user',
    params: byTeam,
    response: z.object({
      members: z.array(z.object({ userId: id, name: z.string(), image: z.string().nullable() })),
    }),
  }),
  addTeamMember: endpoint({
    method: 'PUT',
    path: '/orgs/:id/teams/:teamId/members/:userId',
    summary: 'Put a member of the organization into a team (idempotent)',
    access: 'user',
    params: byMember,
    response: 'empty',
  }),
  removeTeamMember: endpoint({
    method: 'DELETE',
    path: '/orgs/:id/teams/:teamId/members/:userId',
    summary: 'Take somebody out of a team, or leave it',
    access: 'user',
    params: byMember,
    response: 'empty',
  }),
}
