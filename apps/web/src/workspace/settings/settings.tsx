'use client'
import type { Organization } from '@realtime/contracts'
import { ChevronLeft, Lock } from 'lucide-react'
import Link from 'next/link'
import type { ComponentType } from 'react'
import { Billing } from '../../billing/billing.tsx'
import { Blank } from '../../ui/blank.tsx'
import { cn } from '../../ui/classes.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Topbar } from '../topbar.tsx'
import { useWorkspace } from '../workspace.tsx'
import { AccountSettings } from './account/account.tsx'
import { Administration } from './administration/administration.tsx'
import { Outbox } from './administration/outbox.tsx'
import { AuditLog } from './audit/audit.tsx'
import { Invitations } from './invitations/invitations.tsx'
import { KeySettings } from './keys/keys.tsx'
import { Members } from './members/members.tsx'
import { SettingsNavigation } from './navigation.tsx'
import { OrganizationSettings } from './organization/organization.tsx'
import { closedTo, type SectionName, sectionWords } from './sections.ts'
import { SecuritySettings } from './security/security.tsx'
import { Teams } from './teams/teams.tsx'

type Own = 'account' | 'security' | 'keys' | 'administration' | 'outbox'

const own: Record<Own, ComponentType> = {
  account: AccountSettings,
  security: SecuritySettings,
  keys: KeySettings,
  administration: Administration,
  outbox: Outbox,
}
const ofOrganization: Record<Exclude<SectionName, Own>, ComponentType<{ organization: Organization }>> = {
  organization: OrganizationSettings,
  members: Members,
  teams: Teams,
  invitations: Invitations,
  audit: AuditLog,
  billing: Billing,
}

/**
 * One section of the settings beside the list of all. Where there is no room for both, `/settings` is the list and
 * each section leads back to it.
 */
export function Settings({ section }: { section: SectionName | null }) {
  const { label, hint } = sectionWords[section ?? 'account']
  return (
    <>
      <Topbar>
        {section ? (
          <Link
            href="/settings"
            className="-ml-1 flex h-9 min-w-0 items-center gap-1 rounded-md pr-2 text-[13px] text-muted-foreground hover:text-foreground lg:hidden"
          >
            <ChevronLeft aria-hidden className="size-4" />
            Settings
          </Link>
        ) : null}
        <span className={cn('truncate font-medium text-[13px]', section && 'max-lg:hidden')}>Settings</span>
      </Topbar>
      <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <div className="mx-auto flex w-full max-w-5xl gap-12 px-4 pt-8 pb-24 md:px-8 lg:pt-12">
          <div className={cn('w-48 shrink-0 max-lg:w-full max-lg:max-w-xl', section && 'max-lg:hidden')}>
            <h1 className="mb-5 font-semibold text-2xl tracking-[-0.022em] lg:hidden">Settings</h1>
            <SettingsNavigation section={section} />
          </div>
          <div className={cn('min-w-0 max-w-3xl flex-1', !section && 'max-lg:hidden')}>
            <h1 className="font-semibold text-2xl tracking-[-0.022em]">{label}</h1>
            <p className="mt-1 text-muted-foreground">{hint}</p>
            <Content name={section ?? 'account'} />
          </div>
        </div>
      </main>
    </>
  )
}

function Content({ name }: { name: SectionName }) {
  const { me, organization } = useWorkspace()
  const closed = closedTo(name, { role: organization?.role, administrator: me.administrator })
  if (closed) return <Blank icon={Lock} title={closed} />
  if (isOwn(name)) {
    const Section = own[name]
    return <Section />
  }
  if (!organization)
    return (
      <div className="mt-9 grid gap-3">
        <Skeleton className="h-5 w-32" />
        <Skeleton className="h-32 rounded-lg" />
      </div>
    )
  const Section = ofOrganization[name]
  return <Section key={organization.id} organization={organization} />
}

function isOwn(name: SectionName): name is Own {
  return Object.hasOwn(own, name)
}
