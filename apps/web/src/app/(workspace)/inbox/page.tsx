import type { Metadata } from 'next'
import { Inbox } from '../../../workspace/inbox.tsx'

export const metadata: Metadata = { title: 'Inbox' }

export default function Page() {
  return <Inbox />
}
