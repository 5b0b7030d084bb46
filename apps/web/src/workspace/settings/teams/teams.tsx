'use client'
import { type Organization, teamApi, teamName } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { teamsQuery } from '../../queries.ts'
import { managesPeople } from '../../roles.ts'
import { NameDialog } from '../name-dialog.tsx'
import { QueryRows, Section } from '../section.tsx'
import { TeamRow } from './team-row.tsx'

/** The teams of the organization shown. */
export function Teams({ organization }: { organization: Organization }) {
  const client = useQueryClient()
  const teams = useQuery(teamsQuery(organization.id))
  const managing = managesPeople(organization)
  const [creating, setCreating] = useState(false)
  const create = useMutation({
    mutationFn: (name: string) => api(teamApi.createTeam, { params: { id: organization.id }, body: { name } }),
    onSuccess: () => {
      setCreating(false)
      return client.invalidateQueries({ queryKey: teamsQuery(organization.id).queryKey })
    },
  })
  return (
    <Section
      only
      title="Teams"
      description={
        managing
          ? 'Share a project or a document with a team, and everyone in it has it.'
          : organization.deletedAt
            ? 'The organization is to be deleted, so nothing can be changed.'
            : 'Owners and admins make teams and choose who is in them.'
      }
      actions={
        managing ? (
          <Button
            size="small"
            className="max-sm:h-10"
            onClick={() => {
              create.reset()
              setCreating(true)
            }}
          >
            <Plus aria-hidden />
            New team
          </Button>
        ) : null
      }
    >
      <QueryRows
        query={teams}
        empty="No teams yet"
        row={(team) => <TeamRow key={team.id} organization={organization} team={team} />}
      />
      <NameDialog
        open={creating}
        onOpenChange={setCreating}
        title="New team"
        label="Name of the team"
        placeholder="Design"
        value=""
        schema={teamName}
        maxLength={60}
        action="Create team"
        busy={create.isPending}
        problem={create.error}
        onSave={(name) => create.mutate(name)}
      />
    </Section>
  )
}
