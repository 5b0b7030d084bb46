'use client'
import { type Organization, organizationApi, organizationName, slug } from '@realtime/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { api } from '../../../api.ts'
import { organizationsQuery } from '../../queries.ts'
import { managesPeople } from '../../roles.ts'
import { LineForm } from '../line-form.tsx'
import { PictureField } from '../picture-field.tsx'
import { Section } from '../section.tsx'
import { LeavingAndDeletion } from './leaving.tsx'
import { Logo } from './logo.tsx'
import { Ownership } from './ownership.tsx'

/** An empty field takes the address back. */
const slugOrNone = z
  .string()
  .trim()
  .toLowerCase()
  .refine((value) => value === '' || slug.safeParse(value).success, 'must have 3 to 48 letters, digits and hyphens')

/** Name, address and logo of the organization shown; its owner; leaving and deleting it. */
export function OrganizationSettings({ organization }: { organization: Organization }) {
  const client = useQueryClient()
  const managing = managesPeople(organization)
  const params = { id: organization.id }
  const keep = async (body: { name?: string; slug?: string | null; logo?: string | null }) => {
    const saved = await api(organizationApi.update, { params, body })
    client.setQueryData(organizationsQuery.queryKey, (list) =>
      list?.map((other) => (other.id === saved.id ? saved : other)),
    )
  }
  const logo = <Logo organization={organization} className="size-16 rounded-xl text-2xl" />
  return (
    <>
      <Section title="Profile">
        <div className="grid gap-5 rounded-lg border bg-card p-4">
          {managing ? (
            <PictureField
              of="logo"
              has={organization.logo !== null}
              shown={logo}
              onChange={(next) => keep({ logo: next })}
            />
          ) : (
            logo
          )}
          <LineForm
            label="Organization name"
            value={organization.name}
            schema={organizationName}
            maxLength={80}
            disabled={!managing}
            onSave={(name) => keep({ name })}
          />
          {organization.personal ? null : (
            <LineForm
              label="Address"
              value={organization.slug ?? ''}
              schema={slugOrNone}
              hint="Its own word in addresses: small letters, digits and hyphens. Leave it empty for none."
              maxLength={48}
              disabled={!managing}
              onSave={(next) => keep({ slug: next || null })}
            />
          )}
          {managing ? null : (
            <p className="text-[13px] text-muted-foreground">
              {organization.deletedAt
                ? 'It is to be deleted, so nothing can be changed.'
                : 'Owners and admins can change this.'}
            </p>
          )}
        </div>
      </Section>
      {organization.role === 'owner' && !organization.personal ? <Ownership organization={organization} /> : null}
      {organization.personal ? null : <LeavingAndDeletion organization={organization} />}
    </>
  )
}
