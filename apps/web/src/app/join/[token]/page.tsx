import type { Metadata } from 'next'
import { Join } from '../../../account/join.tsx'

export const metadata: Metadata = { title: 'Invitation' }

export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  return <Join token={(await params).token} />
}
