import { cva, type VariantProps } from 'class-variance-authority'
import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './classes.ts'

const style = cva('flex items-start gap-2.5 rounded-lg px-3 py-2.5 text-[13px] leading-relaxed', {
  variants: {
    tone: {
      info: 'bg-muted text-foreground [&>svg]:text-muted-foreground',
      warning: 'bg-warning-soft text-foreground [&>svg]:text-warning',
      error: 'bg-destructive-soft text-foreground [&>svg]:text-destructive',
    },
  },
  defaultVariants: { tone: 'info' },
})

interface NoticeProps extends VariantProps<typeof style> {
  children: ReactNode
  /** Buttons at the end. */
  actions?: ReactNode
  className?: string
}

/** A message that stays until what it speaks of is over. Errors interrupt a screen reader, others wait. */
export function Notice({ tone, children, actions, className }: NoticeProps) {
  const Icon = tone === 'error' ? CircleAlert : tone === 'warning' ? TriangleAlert : Info
  return (
    <div role={tone === 'error' ? 'alert' : 'status'} className={cn(style({ tone }), className)}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1 break-words">{children}</div>
      {actions}
    </div>
  )
}
