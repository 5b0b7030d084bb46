import type { Metadata } from 'next'
import { EnterByMail } from '../../../account/token-pages.tsx'

export const metadata: Metadata = { title: 'Sign in', referrer: 'no-referrer' }

export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  return <EnterByMail token={(await params).token} />
}
