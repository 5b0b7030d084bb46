'use client'
import {
  Building2,
  ChevronRight,
  CircleUser,
  CreditCard,
  Inbox,
  KeyRound,
  type LucideIcon,
  Mail,
  ScrollText,
  ServerCog,
  ShieldCheck,
  UserCog,
  Users,
} from 'lucide-react'
import Link from 'next/link'
import { cn } from '../../ui/classes.ts'
import { useWorkspace } from '../workspace.tsx'
import { closedTo, type SectionName, sectionGroups, sectionWords } from './sections.ts'

const icons: Record<SectionName, LucideIcon> = {
  account: CircleUser,
  security: ShieldCheck,
  keys: KeyRound,
  organization: Building2,
  members: UserCog,
  teams: Users,
  invitations: Mail,
  audit: ScrollText,
  billing: CreditCard,
  administration: ServerCog,
  outbox: Inbox,
}

const linkStyle =
  'flex h-8 items-center gap-2.5 rounded-md px-2.5 text-[13px] text-muted-foreground hover:bg-accent hover:text-foreground aria-[current=page]:bg-accent aria-[current=page]:font-medium aria-[current=page]:text-foreground max-lg:h-12 max-lg:rounded-none max-lg:px-4 max-lg:text-foreground [&_svg]:size-4 [&_svg]:shrink-0'

/** All sections that are for whoever looks, by whose they are. */
export function SettingsNavigation({ section }: { section: SectionName | null }) {
  const { me, organization } = useWorkspace()
  const viewer = { role: organization?.role, administrator: me.administrator }
  const titles = { person: 'You', organization: organization?.name ?? 'Organization', server: 'Server' }
  return (
    <nav aria-label="Settings" className="grid gap-5 lg:sticky lg:top-0">
      {sectionGroups.map(({ of, names }) => {
        const open = names.filter((name) => closedTo(name, viewer) === null)
        if (open.length === 0) return null
        return (
          <div key={of} className="min-w-0">
            <h2 className="mb-1 truncate px-2.5 font-medium text-muted-foreground text-xs max-lg:mb-2 max-lg:px-0">
              <bdi>{titles[of]}</bdi>
            </h2>
            <ul className="grid gap-px max-lg:gap-0 max-lg:divide-y max-lg:overflow-hidden max-lg:rounded-lg max-lg:border max-lg:bg-card">
              {open.map((name) => {
                const Icon = icons[name]
                // `/settings` itself shows the account where both have room.
                const here = section === name || (section === null && name === 'account')
                return (
                  <li key={name}>
                    <Link
                      href={`/settings/${name}`}
                      aria-current={here ? 'page' : undefined}
                      className={cn(
                        linkStyle,
                        section === null &&
                          'max-lg:aria-[current=page]:bg-transparent max-lg:aria-[current=page]:font-normal',
                      )}
                    >
                      <Icon aria-hidden className="text-muted-foreground" />
                      <span className="flex-1 truncate">{sectionWords[name].label}</span>
                      <ChevronRight aria-hidden className="text-faint lg:hidden" />
                    </Link>
                  </li>
                )
              })}
            </ul>
          </div>
        )
      })}
    </nav>
  )
}
