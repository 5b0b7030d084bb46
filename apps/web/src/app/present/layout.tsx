import type { ReactNode } from 'react'
import { WorkspaceProvider } from '../../workspace/workspace.tsx'

export default function Layout({ children }: { children: ReactNode }) {
  return <WorkspaceProvider>{children}</WorkspaceProvider>
}
