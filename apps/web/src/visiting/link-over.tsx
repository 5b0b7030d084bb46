import { Link2Off } from 'lucide-react'
import Link from 'next/link'
import { Blank } from '../ui/blank.tsx'
import { buttonStyle } from '../ui/button.tsx'

/** When a link lets nobody in: whether it never was one, is over, or was revoked is not told. */
export function LinkOver() {
  return (
    <main id="main" className="grid min-h-dvh place-items-center">
      <Blank
        page
        icon={Link2Off}
        title="This link does not work any more"
        actions={
          <Link href="/" className={buttonStyle({ variant: 'outline' })}>
            Go to your workspace
          </Link>
        }
      >
        It has expired, was used up or revoked, or it was not copied as a whole. Ask whoever sent it for another one.
      </Blank>
    </main>
  )
}
