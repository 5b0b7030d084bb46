'use client'
import { Tabs } from '@base-ui/react/tabs'
import { useRouter, useSearchParams } from 'next/navigation'
import { Billing } from '../../billing/billing.tsx'
import { Topbar } from '../topbar.tsx'
import { useWorkspace } from '../workspace.tsx'
import { AccountSettings } from './account.tsx'
import { OrganizationSettings } from './organization.tsx'
import { Outbox } from './outbox.tsx'

const tabStyle =
  '-mb-px h-10 border-b-2 border-transparent px-0.5 font-medium text-[13px] text-muted-foreground hover:text-foreground data-active:border-foreground data-active:text-foreground'

/** Account, organization, its plan, and for the administrator the mails that wait. `?tab=` says which. */
export function Settings() {
  const { me, organization } = useWorkspace()
  const router = useRouter()
  const asked = useSearchParams().get('tab')
  const tab =
    asked === 'organization' || asked === 'billing' || (asked === 'mail' && me.administrator) ? asked : 'account'
  return (
    <>
      <Topbar>
        <span className="truncate font-medium text-[13px]">Settings</span>
      </Topbar>
      <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <div className="mx-auto w-full max-w-3xl px-4 pt-10 pb-20 md:px-8 md:pt-14">
          <h1 className="font-semibold text-2xl tracking-[-0.022em]">Settings</h1>
          <Tabs.Root
            value={tab}
            onValueChange={(next) => router.replace(next === 'account' ? '/settings' : `/settings?tab=${String(next)}`)}
          >
            <Tabs.List className="mt-5 flex gap-6 border-b" aria-label="Settings">
              <Tabs.Tab value="account" className={tabStyle}>
                Account
              </Tabs.Tab>
              <Tabs.Tab value="organization" className={tabStyle}>
                Organization
              </Tabs.Tab>
              <Tabs.Tab value="billing" className={tabStyle}>
                Billing
              </Tabs.Tab>
              {me.administrator ? (
                <Tabs.Tab value="mail" className={tabStyle}>
                  Outbox
                </Tabs.Tab>
              ) : null}
            </Tabs.List>
            <Tabs.Panel value="account" className="outline-none">
              <AccountSettings />
            </Tabs.Panel>
            <Tabs.Panel value="organization" className="outline-none">
              {organization ? <OrganizationSettings key={organization.id} organization={organization} /> : null}
            </Tabs.Panel>
            <Tabs.Panel value="billing" className="outline-none">
              {organization ? <Billing key={organization.id} organization={organization} /> : null}
            </Tabs.Panel>
            {me.administrator ? (
              <Tabs.Panel value="mail" className="outline-none">
                <Outbox />
              </Tabs.Panel>
            ) : null}
          </Tabs.Root>
        </div>
      </main>
    </>
  )
}
