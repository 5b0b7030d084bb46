import type { Metadata } from 'next'
import { VerifyEmail } from '../../../account/token-pages.tsx'

export const metadata: Metadata = { title: 'Confirm your e-mail address', referrer: 'no-referrer' }

export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  return <VerifyEmail token={(await params).token} />
}
