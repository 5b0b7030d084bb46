import type { ReactNode } from 'react'
import { Shell } from '../../workspace/shell.tsx'
import { WorkspaceProvider } from '../../workspace/workspace.tsx'

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <WorkspaceProvider>
      <Shell>{children}</Shell>
    </WorkspaceProvider>
  )
}
