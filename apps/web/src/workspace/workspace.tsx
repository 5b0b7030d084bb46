'use client'
import type { Organization, User } from '@realtime/contracts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ServerCrash } from 'lucide-react'
import { createContext, type ReactNode, use } from 'react'
import { messageOf } from '../account/problems.ts'
import { meQuery } from '../account/queries.ts'
import { failureOf } from '../api.ts'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { useChosenOrganization } from './current.ts'
import { useNews } from './news.ts'
import { organizationsQuery } from './queries.ts'

interface Workspace {
  me: User
  /** Undefined while they are loading. */
  organizations: Organization[] | undefined
  /** The organization shown. */
  organization: Organization | undefined
  /** The same, where its content may be asked for: nobody gets at it while it is to be deleted. */
  open: Organization | undefined
}

const Context = createContext<Workspace | null>(null)

/** Who is here and in which organization; only inside the workspace's pages. */
export function useWorkspace(): Workspace {
  const workspace = use(Context)
  if (!workspace) throw new Error('useWorkspace outside of WorkspaceProvider')
  return workspace
}

/** Lets the signed-in in; everyone else goes to sign-in. */
export function WorkspaceProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const me = useQuery(meQuery)
  const organizations = useQuery({ ...organizationsQuery, enabled: me.data !== undefined })
  const chosen = useChosenOrganization()
  const list = organizations.data
  const organization =
    list?.find((one) => one.id === chosen) ?? list?.find((one) => one.personal) ?? list?.[0] ?? undefined
  const open = organization?.deletedAt === null ? organization : undefined
  useNews(open?.id)

  const error = failureOf(me) ?? failureOf(organizations)
  if (error)
    return (
      <main id="main" className="grid min-h-dvh place-items-center">
        <Blank
          page
          icon={ServerCrash}
          title="The workspace cannot be opened"
          actions={
            <Button
              onClick={() => void client.refetchQueries({ predicate: (query) => query.state.data === undefined })}
            >
              Retry
            </Button>
          }
        >
          {messageOf(error)}
        </Blank>
      </main>
    )
  if (!me.data)
    return (
      <main id="main" className="grid min-h-dvh place-items-center">
        <Mark className="size-9 animate-[shimmer_1.8s_ease-in-out_infinite]" />
        <span className="sr-only" role="status">
          Loading
        </span>
      </main>
    )
  return <Context value={{ me: me.data.user, organizations: list, organization, open }}>{children}</Context>
}

/** The pages of somebody who came by a share link: they are nobody's member, and see no more than their document. */
export function VisitingWorkspace({ me, children }: { me: User; children: ReactNode }) {
  return <Context value={{ me, organizations: NONE, organization: undefined, open: undefined }}>{children}</Context>
}

const NONE: Organization[] = []
