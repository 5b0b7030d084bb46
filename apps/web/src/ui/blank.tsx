import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './classes.ts'

interface BlankProps {
  icon: LucideIcon
  title: string
  children?: ReactNode
  actions?: ReactNode
  className?: string
  /** Whether the title heads the page. */
  page?: boolean
}

/** What stands where there is nothing (yet): what it is, and what to do. */
export function Blank({ icon: Icon, title, children, actions, className, page = false }: BlankProps) {
  const Title = page ? 'h1' : 'h2'
  return (
    <div className={cn('mx-auto flex max-w-sm flex-col items-center px-4 py-14 text-center', className)}>
      <span className="grid size-11 place-items-center rounded-xl border bg-card shadow-soft">
        <Icon aria-hidden className="size-5 text-muted-foreground" strokeWidth={1.75} />
      </span>
      <Title className="mt-4 text-balance break-words font-semibold text-[15px] tracking-tight">{title}</Title>
      {children ? <div className="mt-1.5 text-balance text-muted-foreground leading-relaxed">{children}</div> : null}
      {actions ? <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  )
}
