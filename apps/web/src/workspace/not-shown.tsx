import { ServerCrash } from 'lucide-react'
import { messageOf } from '../account/problems.ts'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'

interface NotShownProps {
  /** What it is, as a sentence begins. */
  what?: string
  error: unknown
  retry(): void
  /** Whether it stands in a narrow panel. */
  narrow?: boolean
  className?: string
}

/** In the place of what cannot be had now: why, and a way to try again. */
export function NotShown({ what = 'This list', error, retry, narrow = false, className }: NotShownProps) {
  return (
    <Blank
      icon={ServerCrash}
      title={`${what} cannot be shown now`}
      className={narrow ? 'py-8' : className}
      actions={
        <Button variant="outline" {...(narrow ? { size: 'small' } : {})} onClick={retry}>
          Retry
        </Button>
      }
    >
      {messageOf(error)}
    </Blank>
  )
}
