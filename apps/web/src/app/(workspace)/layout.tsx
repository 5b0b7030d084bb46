import type { ReactNode } from 'react'
import { ConfirmAddress } from '../../account/verification.tsx'
import { DeletionBanner } from '../../workspace/settings/organization/deletion-banner.tsx'
import { Shell } from '../../workspace/shell.tsx'
import { WorkspaceProvider } from '../../workspace/workspace.tsx'

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <WorkspaceProvider>
      <Shell>
        <DeletionBanner />
        <ConfirmAddress />
        {children}
      </Shell>
    </WorkspaceProvider>
  )
}
