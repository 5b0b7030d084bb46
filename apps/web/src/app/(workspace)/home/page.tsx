import type { Metadata } from 'next'
import { Home } from '../../../workspace/home.tsx'

export const metadata: Metadata = { title: 'Home' }

export default function Page() {
  return <Home />
}
