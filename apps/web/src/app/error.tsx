'use client'
import { ServerCrash } from 'lucide-react'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main id="main" className="grid min-h-dvh place-items-center">
      <Blank
        page
        icon={ServerCrash}
        title="Something went wrong in this page"
        actions={
          <>
            <Button onClick={reset}>Try again</Button>
            <Button variant="outline" onClick={() => location.assign('/')}>
              Go to your workspace
            </Button>
          </>
        }
      >
        What you wrote is kept. {error.digest ? `Reference: ${error.digest}` : null}
      </Blank>
    </main>
  )
}
