import { KeyRound, X } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { cn } from '../../../ui/classes.ts'
import { panelStyle } from './style.ts'

/** What stands in place of the question where AI is not switched on: how to. */
export function SwitchedOff({ reason, close }: { reason: string; close(): void }) {
  return (
    <div className={cn(panelStyle, 'flex gap-3 p-4')}>
      <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-primary-soft text-primary-text">
        <KeyRound aria-hidden className="size-[18px]" />
      </span>
      <div className="min-w-0 flex-1 text-[13px] leading-relaxed">
        <p className="font-semibold text-sm">AI is not switched on</p>
        <p className="mt-0.5 text-muted-foreground">{reason}</p>
        <p className="mt-2 text-muted-foreground">
          Whoever runs this server puts a key from Google AI Studio into its environment or its{' '}
          <code className="rounded bg-accent px-1 py-px font-mono text-[12px]">.env</code> file and starts it again:
        </p>
        <pre className="mt-2 overflow-x-auto rounded-lg border bg-muted px-3 py-2 font-mono text-[12.5px]">
          GEMINI_API_KEY=…
        </pre>
      </div>
      <Button variant="ghost" size="icon" className="-mt-1 -mr-1" aria-label="Close" autoFocus onClick={close}>
        <X />
      </Button>
    </div>
  )
}
