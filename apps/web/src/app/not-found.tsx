'use client'
import { FileQuestion } from 'lucide-react'
import Link from 'next/link'
import { Blank } from '../ui/blank.tsx'
import { buttonStyle } from '../ui/button.tsx'

export default function NotFound() {
  return (
    <main id="main" className="grid min-h-dvh place-items-center">
      <Blank
        page
        icon={FileQuestion}
        title="This page does not exist"
        actions={
          <Link href="/" className={buttonStyle({ variant: 'outline' })}>
            Go to your workspace
          </Link>
        }
      >
        The address may be mistyped, or what was here has moved.
      </Blank>
    </main>
  )
}
