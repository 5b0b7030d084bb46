import type { Metadata } from 'next'
import { VisitorPage } from '../../../visiting/visitor-page.tsx'

export const metadata: Metadata = { title: 'Shared document', referrer: 'no-referrer' }

export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  return <VisitorPage token={token} />
}
